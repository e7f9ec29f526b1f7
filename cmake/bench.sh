#!/bin/sh
# Builds the benchmark program, installing on Debian what is missing, and runs it: a table of each piece of work
# beside its peer (cp, git). Takes a quarter of an hour to an hour and 20 GB of disk; let the machine be quiet, and let
# five minutes pass after anything that deleted many files: an ext4 without a journal is slow to reuse their inodes, and
# who makes many files waits for it.
# usage: bench.sh [--sizes 1000,10000,100000] [--rows export,import,restart,write,pull,memory,heartbeat]
#                 [--runs 5] [--folder DIR] [--json FILE] [--check FILE]
#   --check FILE: names each row whose ratio is more than 10 % worse than in FILE, which --json wrote, and exits with 3
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)

# To standard error, so that standard output is the table alone.
(
    cd "$top"
    sh cmake/install_dependencies.sh build
    if command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache
    fi
    cmake --preset release
    cmake --build --preset release --target fluentsync_bench -j "$(nproc)"
) >&2

exec "$top/build/release/tests/bench/fluentsync_bench" "$@"
