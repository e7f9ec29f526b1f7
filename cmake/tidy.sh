#!/bin/sh
# Passes clang-tidy over the library, the C API and the program, and shows what it finds.
# usage: tidy.sh
set -eu
cd "$(dirname "$0")/.."
mkdir -p build

# Over large pieces, each of which includes the files that it is about: most of the time goes into what they include.
# Two helpers of one name may meet in a piece ("redefinition"): give one of them a name of its own.
cmake --preset tidy >build/tidy.configure.log 2>&1 || {
    cat build/tidy.configure.log
    exit 1
}
run-clang-tidy -quiet -p build/tidy -j "$(nproc)" -extra-arg=-Wno-unknown-warning-option \
    -checks=-bugprone-suspicious-include -header-filter="$PWD/(src|include|examples|capi)/.*" \
    "$PWD/build/tidy/(src|examples|capi)/.*Unity.*|$PWD/(src|examples|capi)/.*\.cpp\$" >build/clang-tidy.log 2>&1 || {
    sort -u build/clang-tidy.log | grep -E '(error|warning):' || tail -n 20 build/clang-tidy.log
    exit 1
}
echo "clang-tidy: clean"
