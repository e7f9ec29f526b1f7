#!/bin/sh
# Passes clang-tidy over the library, the C API and the program, and shows what it finds.
# usage: tidy.sh
set -eu
cd "$(dirname "$0")/.."
mkdir -p build

# Over large pieces, each of which includes the files that it is about: most of the time goes into what they include.
cmake --preset tidy >build/tidy.configure.log 2>&1 || {
    cat build/tidy.configure.log
    exit 1
}
run-clang-tidy -quiet -p build/tidy -j "$(nproc)" -extra-arg=-Wno-unknown-warning-option \
    -checks=-bugprone-suspicious-include -header-filter="$PWD/(src|include|examples|capi)/.*" \
    "$PWD/build/tidy/(src|examples|capi)/.*Unity.*|$PWD/(src|examples|capi)/.*\.cpp\$" >build/clang-tidy.log 2>&1 || {
    grep -E '(error|warning):' build/clang-tidy.log | sort -u || tail -n 20 build/clang-tidy.log
    exit 1
}
echo "clang-tidy: clean"
