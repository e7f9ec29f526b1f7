#!/bin/sh
# Installs what is missing on Debian, and only that.
# usage: install_dependencies.sh build|test
#   build: what the library and the program need
#   test:  that, and what the tests, the sanitizers and the style checks need
set -eu

build="g++ cmake ninja-build pkg-config git ca-certificates libgit2-dev libsqlitecpp-dev libsqlite3-dev libuv1-dev
    libfmt-dev nlohmann-json3-dev libyaml-dev libcli11-dev zlib1g-dev libdeflate-dev libssl-dev libutfcpp-dev"
test="catch2 librapidcheck-dev clang libclang-rt-14-dev llvm clang-format clang-tidy sqlite3 strace abigail-tools valgrind
    rsync vim python3 python3-venv python3-pip python3-setuptools python3-wheel mypy"

case "${1:-}" in
    build) wanted=$build ;;
    test) wanted="$build $test" ;;
    *)
        echo "usage: install_dependencies.sh build|test" >&2
        exit 2
        ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "install_dependencies: this is no Debian; install by hand what cmake/install_dependencies.sh lists, then use the CMake presets" >&2
    exit 1
fi

# A Rust of another kind does as well as Debian's.
[ "$1" = build ] || command -v cargo >/dev/null || wanted="$wanted cargo rustc"

missing=
for package in $wanted; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "install_dependencies: neither root nor sudo; as root: apt-get install$missing" >&2
        exit 1
    fi
    as_root=sudo
fi

echo "Installing:$missing"
# shellcheck disable=SC2086
if ! { $as_root apt-get update -q &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing; }; then
    echo "install_dependencies: apt-get could not install$missing" >&2
    exit 1
fi
