#!/bin/sh
# Compares the C library's ABI with the committed one. What is there may not change or go; an addition is told of, so
# that the baseline follows in a commit of its own: with --refresh.
# usage: check_abi.sh LIBRARY [--refresh]
set -eu
library=$1
capi=$(cd "$(dirname "$0")/../../capi" && pwd)
baseline=$capi/fluentsync_c.abi

if ! command -v abidiff >/dev/null; then
    echo "skipped: there is no abidiff (Debian: abigail-tools)"
    exit 77
fi
if [ "${2:-}" = --refresh ]; then
    abidw --exported-interfaces-only --no-corpus-path \
        --no-comp-dir-path --no-show-locs --out-file "$baseline" "$library"
    exit
fi
abidiff --exported-interfaces-only --no-show-locs "$baseline" "$library" || {
    echo "The ABI is not the committed one. Where that is meant: sh tests/capi/check_abi.sh LIBRARY --refresh"
    exit 1
}
echo "the ABI is the committed one"
