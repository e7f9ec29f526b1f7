#!/bin/sh
# Lets libFuzzer look for inputs that break a promise (tests/fuzz), and prints a table. Needs clang; installs on
# Debian what is missing. An input that broke something is left in build/fuzz/findings; mend, and keep it (made small
# by `build/fuzz/tests/fuzz/fuzz_NAME -minimize_crash=1 -runs=100000 FILE`) in tests/fuzz/corpus/NAME.
# usage: fuzz.sh [--minutes N] [NAME...]
#   without --minutes: a fixed number of runs, the same each time; with it: each target for N minutes, by chance; as
#   many targets at a time as the machine has processors
#   NAME: of front_matter_read front_matter_edit key_path redact options entity_round_trip git_tree fetched_pack.
#   Default: all; without --minutes those that take little to build, as CI does (the normal test run changes the inputs
#   of the others by chance)
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"

minutes=
if [ "${1:-}" = --minutes ]; then
    minutes=${2:-}
    case "$minutes" in
        '' | *[!0-9]* | 0)
            echo "fuzz.sh: --minutes wants a number" >&2
            exit 2
            ;;
    esac
    shift 2
fi

# Each target, and its runs without --minutes.
small="front_matter_read:60000 front_matter_edit:25000 key_path:60000 redact:60000 options:15000"
all="$small entity_round_trip:500 git_tree:500 fetched_pack:2000"
wanted=
for name in "$@"; do
    pair=$(printf '%s\n' $all | grep "^$name:") || {
        echo "fuzz.sh: no target \"$name\"; there are:$(printf ' %s' $all | sed 's/:[0-9]*//g')" >&2
        exit 2
    }
    wanted="$wanted $pair"
done
if [ $# -eq 0 ]; then
    [ -n "$minutes" ] && wanted=$all || wanted=$small
fi

sh cmake/install_dependencies.sh test >&2
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache
fi
mkdir -p build/fuzz/findings
cmake --preset fuzz >build/fuzz.configure.log 2>&1 || {
    cat build/fuzz.configure.log >&2
    exit 1
}
targets=
for pair in $wanted; do targets="$targets fuzz_${pair%:*}"; done
# shellcheck disable=SC2086
cmake --build --preset fuzz -j "$(nproc)" --target $targets >&2

# Folders in memory where there are any: two of the targets write files.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm

fuzz_one() {
    name=${1%:*}
    if [ -n "$minutes" ]; then
        limit="-max_total_time=$((minutes * 60))"
    else
        limit="-runs=${1#*:} -seed=1"
    fi
    grown=build/fuzz/grown/$name # What is found on the way; the kept corpus is only read.
    [ -n "$minutes" ] || rm -rf "$grown"
    mkdir -p "$grown"
    # shellcheck disable=SC2086
    build/fuzz/tests/fuzz/fuzz_"$name" $limit -max_len=2048 -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/findings/$name-" "$grown" "tests/fuzz/corpus/$name" \
        >"build/fuzz/$name.log" 2>&1 || touch "build/fuzz/$name.failed"
}


rm -f build/fuzz/*.failed
running=
for pair in $wanted; do
    fuzz_one "$pair" &
    running="$running $!"
    if [ "$(echo "$running" | wc -w)" -ge "$(nproc)" ]; then
        wait "${running%% *}" 2>/dev/null || true
        running=${running#* }
    fi
done
wait

code=0
printf '| target | executions | seconds | finding |\n|---|---|---|---|\n'
for pair in $wanted; do
    name=${pair%:*}
    log=build/fuzz/$name.log
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    seconds=$(sed -n 's/^Done [0-9]* runs in \([0-9]*\) second.*/\1/p' "$log")
    finding=none
    if [ -e "build/fuzz/$name.failed" ]; then
        finding=$(grep -m1 -E '^broken promise|^SUMMARY|ERROR: ' "$log" || echo "see $log")
        code=1
    fi
    printf '| %s | %s | %s | %s |\n' "$name" "${runs:-?}" "${seconds:-?}" "$finding"
done
exit $code
