#!/bin/sh
# Makes the Debian packages, unpacks them into an empty root, and builds and runs the C, Rust and Python examples against
# nothing but that root. Exits 77 where there is no dpkg.
# usage: check_debian_packages.sh SOURCE_DIR BUILD_DIR
set -eu
source_dir=$1 build_dir=$2
CC=${CC:-cc}

command -v dpkg-deb >/dev/null && command -v dpkg-shlibdeps >/dev/null || {
    echo "no dpkg-dev on this machine: skipped"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "check_debian_packages: $*" >&2; exit 1; }

# Quickly compressed: a debug build's static library is large.
cpack --config "$build_dir/CPackConfig.cmake" -G DEB -B "$work/packages" \
    -D CPACK_DEBIAN_COMPRESSION_TYPE=zstd >"$work/cpack.log" 2>&1 || {
    cat "$work/cpack.log"
    fail "cpack failed"
}
deb() {
    set -- "$work/packages/$1"_*.deb
    [ -f "$1" ] || fail "no package $1"
    echo "$1"
}
depends() { dpkg-deb -f "$(deb "$1")" Depends | grep -q -e "$2" || fail "$1 does not depend on $2"; }

mkdir "$work/root"
for package in libfluentsync0 libfluentsync-dev fluentsync; do
    dpkg-deb -I "$(deb "$package")"
    for field in Version Maintainer Description Architecture; do
        [ -n "$(dpkg-deb -f "$(deb "$package")" "$field")" ] || fail "$package has no $field"
    done
done
for package in "$work/packages"/*.deb; do dpkg-deb -x "$package" "$work/root"; done
depends libfluentsync0 libgit2
depends libfluentsync0 libsqlite3
dpkg-deb --ctrl-tarfile "$(deb libfluentsync0)" | tar -xO ./shlibs | grep -q 'libfluentsync0 (>=' ||
    fail "whoever links the library would need this very version of it"
depends libfluentsync-dev 'libfluentsync0 (='
depends libfluentsync-dev libgit2-dev
depends fluentsync libgit2
dpkg-deb -c "$(deb libfluentsync0)" | grep -q 'include/' && fail "the runtime package holds headers"
if grep -rIl -e "$build_dir" -e "$source_dir" "$work/root" | grep .; then
    fail "the files above name the place they were built in"
fi
"$work/root/usr/bin/fluentsync" --help >/dev/null || fail "the program does not run"

# From here on pkg-config, the loader and Python see the root, and not the build.
unset FLUENTSYNC_LIB_DIR FLUENTSYNC_LIBRARY
PKG_CONFIG_LIBDIR=$(dirname "$(find "$work/root" -name fluentsync-c.pc)")
LD_LIBRARY_PATH=$(dirname "$(find "$work/root" -name libfluentsync_c.so.0)")
PYTHONPATH=$work/root/usr/lib/python3/dist-packages
export PKG_CONFIG_LIBDIR LD_LIBRARY_PATH PYTHONPATH

run() {
    cmake -DPROGRAM="$1" -DFOLDER="$work/run" -P "$source_dir/examples/run_example.cmake" ||
        fail "the $2 example failed"
    echo "the $2 example ran"
}

cp "$source_dir/examples/plain_c.c" "$work"
# shellcheck disable=SC2046
"$CC" -std=c99 "$work/plain_c.c" -o "$work/plain_c" $(pkg-config --cflags --libs fluentsync-c)
run "$work/plain_c" C

if command -v cargo >/dev/null && cargo --version >/dev/null 2>&1; then
    cp -R "$work/root/usr/share/fluentsync/rust" "$work/rust"
    (cd "$work/rust" && CARGO_TARGET_DIR="$work/target" cargo build --offline --locked --example notes)
    run "$work/target/debug/examples/notes" Rust
else
    echo "no cargo on this machine: the Rust example is skipped"
fi

example=$source_dir/examples/python/notes.py
if [ -n "$(find "$work/packages" -name 'python3-fluentsync_*.deb')" ] && [ -f "$example" ]; then
    cp "$example" "$work"
    printf '#!/bin/sh\nexec python3 "%s" "$1" --remote "$2" add hello "# Hello"\n' "$work/notes.py" >"$work/notes"
    chmod +x "$work/notes"
    run "$work/notes" Python
fi
