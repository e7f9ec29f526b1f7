#!/bin/sh
# Installs the build into a fresh prefix, moves that prefix, and builds and runs a separate project against it:
# by find_package or by pkg-config; or (subdirectory) only checks that a project can take the sources in by
# add_subdirectory.
# usage: check_package.sh SOURCE_DIR BUILD_DIR find_package|pkg_config|subdirectory
set -eu
source_dir=$1 build_dir=$2 way=$3
CXX=${CXX:-c++}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "check_package: $*" >&2; exit 1; }

if [ "$way" = subdirectory ]; then
    cmake -S "$source_dir/tests/package/consumer" -B "$work/build" -G Ninja -DFLUENTSYNC_SOURCE="$source_dir"
    ninja -C "$work/build" -t targets all | grep -q '^consumer: ' || fail "no consumer in the build"
    exit 0
fi

# Moved after the installation: nothing in it may know where it was built or first laid.
cmake --install "$build_dir" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix"
[ -x "$work/prefix/bin/fluentsync" ] || fail "the program is not installed"
find "$work/prefix" -name LICENSE | grep -q . || fail "LICENSE is not installed"
if grep -rIl -e "$build_dir" -e "$source_dir" -e "$work/first" "$work/prefix" | grep .; then
    fail "the files above name the place they were built in"
fi

if [ "$way" = find_package ]; then
    cmake -S "$source_dir/tests/package/consumer" -B "$work/build" -G Ninja \
        -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_CXX_COMPILER="$CXX"
    cmake --build "$work/build"
    program=$work/build/consumer
else
    pc=$(find "$work/prefix" -name fluentsync.pc)
    [ -n "$pc" ] || fail "fluentsync.pc is not installed"
    PKG_CONFIG_PATH=$(dirname "$pc")
    export PKG_CONFIG_PATH
    static=--static
    [ -z "$(find "$work/prefix" -name 'libfluentsync.so')" ] || static=
    # shellcheck disable=SC2046,SC2086
    "$CXX" -std=c++17 "$source_dir/tests/package/consumer/main.cpp" -o "$work/consumer" \
        $(pkg-config --cflags fluentsync) $(pkg-config $static --libs fluentsync)
    program=$work/consumer
    LD_LIBRARY_PATH=$(dirname "$(dirname "$pc")")
    export LD_LIBRARY_PATH
fi

mkdir "$work/run"
"$program" "$work/run" || fail "the consumer's program exits with $?"
[ "$(cat "$work/run/files/note/hello.md")" = '# Hello' ] || fail "the entity did not reach its file"
