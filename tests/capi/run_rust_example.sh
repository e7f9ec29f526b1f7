#!/bin/sh
# Builds the Rust example and runs it in a fresh folder beside a fresh remote. Exits 77 without cargo.
# usage: run_rust_example.sh SOURCE_DIR LIBRARY_DIR TARGET_DIR
set -eu
source_dir=$1 library_dir=$2 target_dir=$3
sh "$source_dir/tests/capi/run_cargo.sh" "$source_dir/capi/rust" "$library_dir" "$target_dir" \
    build --offline --locked --example notes
cmake -DPROGRAM="$target_dir/debug/examples/notes" -DFOLDER="$target_dir/notes" \
    -P "$source_dir/examples/run_example.cmake"
