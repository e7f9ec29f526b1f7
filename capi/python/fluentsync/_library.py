"""Finds and loads the C shared library, once, when the package is imported."""

from __future__ import annotations

import ctypes
import os
import re
import sysconfig
from pathlib import Path
from typing import Iterator, Tuple

#: The C library's name as the linker knows it: the number is that of the interface that this package speaks.
SONAME = "libfluentsync_c.so.0"
#: The first version of the library that has every function this package calls.
OLDEST = (0, 1, 0)


def candidates() -> Iterator[str]:
    """Where the library may be; the first that is there is taken."""
    named = os.environ.get("FLUENTSYNC_LIBRARY")
    if named:
        yield named
        return
    beside = Path(__file__).with_name(SONAME)
    if beside.exists():
        yield str(beside)
    yield from below_our_prefix()
    yield SONAME


def below_our_prefix() -> Iterator[str]:
    """From PREFIX/lib/python3/dist-packages the library is two folders up, where the linker need not look."""
    folder = Path(__file__).resolve().parent.parent
    if folder.name not in ("dist-packages", "site-packages"):
        return
    libraries = folder.parent.parent
    multiarch = sysconfig.get_config_var("MULTIARCH")
    for place in (libraries / SONAME, libraries / str(multiarch) / SONAME):
        if place.exists():
            yield str(place)


def load() -> ctypes.CDLL:
    """Through `CDLL`: the interpreter's lock is let go while a call of it runs."""
    place = next(candidates())
    try:
        library = ctypes.CDLL(place)
    except OSError as fault:
        raise ImportError(
            f"cannot load FluentSync's C library: {fault}; install it, or name the file in the environment "
            f"variable FLUENTSYNC_LIBRARY",
            path=place,
        ) from fault
    check_version(library, place)
    return library


def check_version(library: ctypes.CDLL, place: str) -> None:
    try:
        function = library.fluentsync_version
    except AttributeError:
        raise ImportError(f"{place} is not FluentSync's C library", path=place) from None
    function.restype = ctypes.c_char_p
    version = function().decode()
    if not is_usable(version):
        oldest = ".".join(map(str, OLDEST))
        raise ImportError(
            f"{place} is FluentSync {version}; this package needs {oldest} or a later {OLDEST[0]}.x", path=place
        )


def is_usable(version: str) -> bool:
    """What is later has all that we need as long as the major number, which is the SONAME's, is the same."""
    found = numbers(version)
    return found >= OLDEST and found[0] == OLDEST[0]


def numbers(version: str) -> Tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", version)[:3])
