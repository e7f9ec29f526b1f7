#!/bin/sh
# Runs node with what follows, or says why not: 77.
# usage: run_node.sh NODE ARGUMENT...
set -eu
major=$("$1" -p 'process.versions.node.split(".")[0]') || { echo "node does not run: skipped"; exit 77; }
if [ "$major" -lt 18 ]; then
    echo "node $major has no node:test, which came with 18: skipped"
    exit 77
fi
exec "$@"
