#!/bin/sh
# Configures and builds presets, one after the other. A preset's configuration is shown only when it fails.
# usage: build_presets.sh PRESET...
set -eu
cd "$(dirname "$0")/.."
mkdir -p build
for preset in "$@"; do
    cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 || {
        cat "build/$preset.configure.log"
        exit 1
    }
    cmake --build --preset "$preset" -j "$(nproc)"
    touch "build/$preset.built"
done
