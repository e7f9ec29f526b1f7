#!/bin/sh
# What one `get` costs from C, Rust, Python and Node: builds them, installing on Debian what is missing, and prints a table, each
# row beside the call that it stands on. Rust's row is left out where there is no cargo, Node's where there is no node.
# usage: bench_calls.sh
set -eu
cd "$(dirname "$0")/.."
build=$PWD/build/release

{
    sh cmake/install_dependencies.sh build
    if command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache
    fi
    cmake --preset release
    cmake --build --preset release --target fluentsync_call_overhead fluentsync_python -j "$(nproc)"
    node=$(command -v node) && cmake --build --preset release --target fluentsync_node -j "$(nproc)" || node=
} >&2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$build/tests/bench/fluentsync_call_overhead" "$folder" | tee "$folder/c"
if command -v cargo >/dev/null; then
    sh tests/capi/run_cargo.sh "$PWD/capi/rust" "$build/capi" "$folder/rust" bench --offline --locked --bench get \
        2>"$folder/cargo.log" || { cat "$folder/cargo.log" >&2; exit 1; }
fi
PYTHONPATH="$build/capi/python" python3 tests/python/bench_get.py
if [ -n "$node" ]; then
    FLUENTSYNC_PACKAGE="$build/capi/node" node tests/node/bench_get.js "$(awk -F'|' '$2 ~ /^ C $/ { print $3 + 0 }' "$folder/c")"
fi
