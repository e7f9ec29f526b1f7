#!/bin/sh
# Configures and builds presets, one after the other. A preset's configuration is shown only when it fails.
# usage: build_presets.sh PRESET...
set -eu
cd "$(dirname "$0")/.."
mkdir -p build
configure() {
    cmake "$@" --preset "$preset" >"build/$preset.configure.log" 2>&1 || {
        cat "build/$preset.configure.log"
        exit 1
    }
}
for preset in "$@"; do
    configure
    # A folder that another compiler built: CMake starts it anew, but forgets on the way what else the preset sets.
    if grep -q 'require your cache to be deleted' "build/$preset.configure.log"; then
        configure --fresh
    fi
    cmake --build --preset "$preset" -j "$(nproc)"
    touch "build/$preset.built"
done
