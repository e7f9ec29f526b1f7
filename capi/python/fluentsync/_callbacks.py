"""Python functions that the library calls, and how long they live.

The library never gets a function made for one object, which could be gone when it is called: it gets one of the few
below, which live as long as the process, and a number under which what to do is kept until the library frees it.
"""

from __future__ import annotations

import itertools
from ctypes import c_void_p, cast
from typing import Any, Callable, Dict, Optional, Tuple

from . import _signatures

_kept: Dict[int, Callable[..., Any]] = {}
_numbers = itertools.count(1)


def _forget(userdata: int) -> None:
    _kept.pop(userdata, None)


def _call(userdata: int, *visited: int) -> Any:
    return _kept[userdata](*visited)


_free = _signatures.NOTICE(_forget)
notice = _signatures.NOTICE(_call)
visit = _signatures.VISIT(_call)
work = _signatures.WORK(_call)


def keep(function: Callable[..., Any]) -> Tuple[int, Optional[int]]:
    """The arguments userdata and free: the function is kept until the library, which now owns it, frees it."""
    number = next(_numbers)
    _kept[number] = function
    return number, cast(_free, c_void_p).value


#: No callback: a null function with nothing to keep.
NO_VISIT = (_signatures.VISIT(0), None, None)
NO_NOTICE = (_signatures.NOTICE(0), None, None)
