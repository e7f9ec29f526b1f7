#!/bin/sh
# Reads from the ELF files themselves that they are hardened: what is linked here, and what an optimised build compiles.
# usage: check_hardening.sh SOURCE_FOLDER BUILD_FOLDER PROGRAM LIBRARY
set -eu
source=$1 build=$2
shift 2

fail() { echo "$*"; exit 1; }
if ! command -v readelf >/dev/null; then
    echo "skipped: there is no readelf (Debian: binutils)"
    exit 77
fi

for file in "$@"; do
    readelf -hW "$file" | grep -q 'Type:.*DYN' || fail "$file: its place in memory is fixed (no PIE)"
    readelf -lW "$file" | grep -q GNU_RELRO || fail "$file: no RELRO"
    readelf -dW "$file" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' || fail "$file: functions are bound late (no -z now)"
    readelf -lW "$file" | grep GNU_STACK | grep -q 'RWE' && fail "$file: its stack can be executed"
done

# One file with buffers and system calls stands for all: they share their flags.
scratch=$(mktemp -d "$build/hardening-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
object=src/CMakeFiles/fluentsync_floor_runtime.dir/runtime/posix_folder.cpp.o
cmake -S "$source" -B "$scratch" -G Ninja -DCMAKE_BUILD_TYPE=Release -DFLUENTSYNC_BUILD_TESTS=OFF \
    -DFLUENTSYNC_BUILD_EXAMPLES=OFF -DCMAKE_UNITY_BUILD=OFF >"$scratch/log" 2>&1 || fail "$(cat "$scratch/log")"
cmake --build "$scratch" --target "$object" >"$scratch/log" 2>&1 || fail "$(cat "$scratch/log")"
symbols=$(readelf -sW "$scratch/$object")
echo "$symbols" | grep -q __stack_chk_fail || fail "a release build has no stack protector"
echo "$symbols" | grep -qE 'UND __[a-z]+_chk' || fail "a release build has no fortified functions"
case $(uname -m) in
x86_64) readelf -nW "$scratch/$object" | grep -q IBT || fail "a release build has no -fcf-protection" ;;
esac
echo "hardened: $*, and what a release build compiles"
