#!/bin/sh
# Runs cargo on the Rust crates against the library of a build. Exits 77, which ctest counts as skipped, without cargo.
# usage: run_cargo.sh RUST_DIR LIBRARY_DIR TARGET_DIR CARGO_ARGUMENT...
set -eu
rust_dir=$1 library_dir=$2 target_dir=$3
shift 3
if ! command -v cargo >/dev/null || ! cargo --version >/dev/null 2>&1; then
    echo "no cargo on this machine: skipped"
    exit 77
fi
export FLUENTSYNC_LIB_DIR="$library_dir" CARGO_TARGET_DIR="$target_dir"
export LD_LIBRARY_PATH="$library_dir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0
cd "$rust_dir"
exec cargo "$@"
