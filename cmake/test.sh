#!/bin/sh
# Builds FluentSync and passes its tests: plain, under sanitizers, a short run of libFuzzer, and the style checks.
# Installs on Debian what is missing. Stops at the first stage that fails, and exits with its code.
# usage: test.sh [--quick]     --quick: the plain build and its tests only
set -eu
cd "$(dirname "$0")/.."

quick=
case "${1:-}" in
    "") ;;
    --quick) quick=yes ;;
    *)
        echo "usage: test.sh [--quick]" >&2
        exit 2
        ;;
esac

stage=start
behind=
begun=$(date +%s)
heading() {
    stage=$1
    printf '\n=== %s (%s s)\n' "$stage" "$(($(date +%s) - begun))"
}
finish() {
    code=$?
    [ -z "$behind" ] || kill -- "-$behind" 2>/dev/null || true
    [ "$code" -eq 0 ] || printf '\n=== FAILED in stage: %s\n' "$stage" >&2
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

heading "packages"
sh cmake/install_dependencies.sh test
jobs=$(nproc)
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache
fi

# The sanitizers' builds go on behind the tests before them, which wait a lot.
build_behind() {
    for preset in "$@"; do
        rm -f "build/$preset.built"
    done
    setsid nice -n 10 sh cmake/build_presets.sh "$@" >build/behind.log 2>&1 &
    behind=$!
}
wait_for() {
    heading "$1: build"
    while ! [ -e "build/$1.built" ]; do
        kill -0 "$behind" 2>/dev/null || [ -e "build/$1.built" ] || {
            cat build/behind.log
            return 1
        }
        sleep 1
    done
    echo "done"
}

# The sanitizers of older compilers cannot stand a kernel that scatters addresses too widely.
no_scatter=
if setarch "$(uname -m)" -R true 2>/dev/null; then
    no_scatter="setarch $(uname -m) -R"
fi
run_tests() {
    heading "$1: tests"
    # shellcheck disable=SC2086
    $no_scatter ctest --preset "$1" -j "$((jobs + 1))" --output-log "build/$1.test.log"
}

heading "check: build"
sh cmake/build_presets.sh check
[ -n "$quick" ] || build_behind asan-ubsan tsan
run_tests check
[ -z "$quick" ] || exit 0

wait_for asan-ubsan
run_tests asan-ubsan

wait_for tsan
run_tests tsan

heading "fuzz"
# shellcheck disable=SC2086
$no_scatter sh cmake/fuzz.sh

heading "clang-format"
git ls-files -z '*.cpp' '*.hpp' '*.h' | xargs -0 clang-format --dry-run --Werror
echo "clean"

heading "clang-tidy"
# Over large pieces, each of which includes the files that it is about: most of the time goes into what they include.
cmake --preset tidy >build/tidy.configure.log 2>&1 || {
    cat build/tidy.configure.log
    exit 1
}
run-clang-tidy -quiet -p build/tidy -j "$jobs" -extra-arg=-Wno-unknown-warning-option \
    -checks=-bugprone-suspicious-include -header-filter="$PWD/(src|include|examples|capi)/.*" \
    "$PWD/build/tidy/(src|examples|capi)/.*Unity.*|$PWD/(src|examples|capi)/.*\.cpp\$" >build/clang-tidy.log 2>&1 || {
    grep -E '(error|warning):' build/clang-tidy.log | sort -u || tail -n 20 build/clang-tidy.log
    exit 1
}
echo "clean"

heading "all stages passed"
for preset in asan-ubsan tsan check; do
    printf '\n%s\n' "$preset"
    grep -E 'tests passed|Total Test time' "build/$preset.test.log"
done
