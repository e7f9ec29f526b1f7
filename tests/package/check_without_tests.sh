#!/bin/sh
# Where the tests' packages are missing, all else is configured and one line says what to install; who asked for the
# tests is refused with the same words.
# usage: check_without_tests.sh SOURCE SCRATCH
set -eu
source=$1
scratch=$2
rm -rf "$scratch"
trap 'rm -rf "$scratch"' EXIT

configure() {
    cmake -S "$source" -B "$scratch" -DCMAKE_DISABLE_FIND_PACKAGE_rapidcheck=ON -DFLUENTSYNC_INSTALL=OFF \
        -DFLUENTSYNC_BUILD_EXAMPLES=OFF "$@" >"$scratch.log" 2>&1
}

says() {
    grep -q "librapidcheck-dev; or sh cmake/install_dependencies.sh test" "$scratch.log" || {
        cat "$scratch.log"
        echo "$1 does not say what is missing" >&2
        exit 1
    }
}

configure || {
    cat "$scratch.log"
    exit 1
}
says "a build without tests"
if configure -DFLUENTSYNC_BUILD_TESTS=ON; then
    echo "tests without their packages were taken" >&2
    exit 1
fi
says "a build that was to have tests"
rm -f "$scratch.log"
echo "what the tests lack is told"
