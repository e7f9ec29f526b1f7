#!/bin/sh
# Installs the Python package in each way that its README names, offline, and writes an entity with each.
# usage: check_install.sh SOURCE_DIR BUILD_DIR LIBRARY PYTHON
# Exits 77, which is "skipped", where PYTHON lacks what an installation needs.
set -eu
source_dir=$1 build_dir=$2 library=$3 python=$4
unset FLUENTSYNC_LIBRARY PYTHONPATH PYTHONDONTWRITEBYTECODE

"$python" -c 'import setuptools, wheel, venv, pip' || {
    echo "skipped: $python lacks python3-venv, python3-pip, python3-setuptools or python3-wheel"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "check_install: $*" >&2; exit 1; }

# Runs outside of any folder that holds the package, so that it is the installed one that is imported.
write_an_entity() {
    (cd "$work" && "$@" - "$work/$installed.db" <<'PROGRAM'
import sys
import fluentsync
with fluentsync.Store({"path": sys.argv[1]}) as store:
    assert store.put("note", "hello", "# Hello\n").created
print("fluentsync", fluentsync.library_version(), "in", fluentsync.__file__)
PROGRAM
    ) || fail "what was installed from $installed does not work"
}

# pip_install FOLDER: into a fresh environment that has the system's setuptools and wheel, and nothing from a network.
pip_install() {
    "$python" -m venv --system-site-packages --without-pip "$work/$installed"
    "$work/$installed/bin/python" -m pip install --quiet --no-index --no-build-isolation --no-deps \
        --disable-pip-version-check --no-cache-dir "$1"
    "$work/$installed/bin/python" -m pip show fluentsync | grep -q "^Version: $version\$" ||
        fail "pip knows another version than $version"
}

version=$(cat "$build_dir/VERSION")
library_dir=$(dirname "$library")

# pip leaves its traces beside what it installs from, so it gets copies.
installed=source
mkdir -p "$work/tree/capi"
cp "$source_dir/CMakeLists.txt" "$work/tree/"
cp -r "$source_dir/capi/python" "$work/tree/capi/"
pip_install "$work/tree/capi/python"
write_an_entity env FLUENTSYNC_LIBRARY="$library" "$work/source/bin/python"

installed=build
cp -r "$build_dir" "$work/built"
pip_install "$work/built"
write_an_entity "$work/build/bin/python"
grep -q '^Root-Is-Purelib: false' "$work"/build/lib/python*/site-packages/fluentsync-*.dist-info/WHEEL ||
    fail "the wheel with the library inside claims to be for every platform"

installed=prefix
cmake --install "$build_dir/../.." --prefix "$work/prefix" --component python >/dev/null
# Where Python finds it below a prefix, as the README tells it.
place=$(sed -n 's|.*`export PYTHONPATH=PREFIX/\([^`]*\)`.*|\1|p' "$source_dir/capi/python/README.md")
[ -n "$place" ] || fail "the README does not tell what PYTHONPATH is for a prefix"
write_an_entity env PYTHONPATH="$work/prefix/$place" LD_LIBRARY_PATH="$library_dir" "$python"

installed=share
pip_install "$work/prefix/share/fluentsync/python"
write_an_entity env LD_LIBRARY_PATH="$library_dir" "$work/share/bin/python"
