#!/bin/sh
# Runs a command with a fresh folder as its last argument, and removes that afterwards. git in it reads no
# configuration of the machine.
# usage: in_fresh_folder.sh COMMAND [ARGUMENT...]
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0
"$@" "$folder"
