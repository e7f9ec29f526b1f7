#!/bin/sh
# Builds FluentSync and passes its tests: plain, under sanitizers, a short run of libFuzzer, and the style checks.
# Installs on Debian what is missing. Stops at the first stage that fails, and exits with another code than 0.
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
trap 'exit 130' INT TERM HUP

heading "packages"
sh cmake/install_dependencies.sh test
jobs=$(nproc)
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache
fi

# The sanitizers' builds and clang-tidy go on behind the tests, which wait a lot.
work_behind() {
    rm -f build/asan-ubsan.built build/tsan.built build/tidy.clean build/behind.failed
    setsid nice -n 10 sh -c '{
        sh cmake/build_presets.sh asan-ubsan tsan && sh cmake/tidy.sh && touch build/tidy.clean
    } || touch build/behind.failed' >build/behind.log 2>&1 &
    behind=$!
}
wait_for() {
    heading "$1"
    while ! [ -e "build/$2" ]; do
        if { [ -e build/behind.failed ] || ! kill -0 "$behind" 2>/dev/null; } && ! [ -e "build/$2" ]; then
            cat build/behind.log
            return 1
        fi
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
    $no_scatter ctest --preset "$1" -j "$((jobs + 2))" --output-log "build/$1.test.log"
}

heading "check: build"
sh cmake/build_presets.sh check
[ -n "$quick" ] || work_behind
run_tests check
[ -z "$quick" ] || exit 0

wait_for "asan-ubsan: build" asan-ubsan.built
run_tests asan-ubsan

wait_for "tsan: build" tsan.built
run_tests tsan

heading "fuzz"
# shellcheck disable=SC2086
$no_scatter sh cmake/fuzz.sh

heading "clang-format"
git ls-files -z '*.cpp' '*.hpp' '*.h' | xargs -0 clang-format --dry-run --Werror
echo "clean"

wait_for "clang-tidy" tidy.clean

heading "all stages passed"
for preset in asan-ubsan tsan check; do
    printf '\n%s\n' "$preset"
    grep -E 'tests passed|Total Test time' "build/$preset.test.log"
done
