"""How every call is made: texts in, results and errors out."""

from __future__ import annotations

import ctypes
import json
import operator
import os
from ctypes import byref, c_int, c_int64, c_size_t, c_void_p
from typing import Any, Callable, Mapping, Optional, Tuple, Union

from . import _library, _signatures
from .errors import Code, FluentSyncError, InvalidArgumentError, InvalidOptionsError, error

#: Whatever takes text takes bytes too, which then have to be UTF-8.
Text = Union[str, bytes]

#: The largest number that the library takes, in 64 bits with a sign.
LARGEST = 2**63 - 1

#: Functions that may wait: the interpreter's lock is let go while one runs.
library = _library.load()
#: The same library for functions that only look into memory: letting go of the lock would cost more than they do.
memory = ctypes.PyDLL(library._name, handle=library._handle)
try:
    _signatures.declare(library, memory)
except AttributeError as fault:
    raise ImportError(f"FluentSync's C library is too old for this package: {fault}", path=library._name) from None

Function = Callable[..., Any]


def call(function: Function, *arguments: Any) -> None:
    """Raises when it fails."""
    fault = c_void_p()
    status = function(*arguments, byref(fault))
    if status:
        raise taken_error(status, fault)


def object_of(function: Function, *arguments: Any) -> Optional[int]:
    """The handle or value that a call gives."""
    result = c_void_p()
    call(function, *arguments, byref(result))
    return result.value


def flag_of(function: Function, *arguments: Any) -> bool:
    result = c_int()
    call(function, *arguments, byref(result))
    return bool(result.value)


def number_of(function: Function, *arguments: Any) -> int:
    result = c_int64()
    call(function, *arguments, byref(result))
    return result.value


def json_of(function: Function, *arguments: Any) -> Any:
    string = object_of(function, *arguments)
    try:
        return json.loads(content_of(memory.fluentsync_string_data, string))
    finally:
        memory.fluentsync_string_free(string)


def taken_error(status: int, fault: c_void_p) -> FluentSyncError:
    if not fault:
        return error(status, memory.fluentsync_code_name(status).decode())
    try:
        message = memory.fluentsync_error_message(fault, None).decode("utf-8", "replace")
        path = os.fsdecode(memory.fluentsync_error_path(fault, None))
        return error(status, message, path, bool(memory.fluentsync_error_retryable(fault)))
    finally:
        memory.fluentsync_error_free(fault)


def text(value: Text) -> Tuple[bytes, int]:
    """The two arguments that a string is. What is no UTF-8 the library refuses with its own words."""
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    elif not isinstance(value, bytes):
        raise TypeError(f"expected str or bytes, not {type(value).__name__}")
    return value, len(value)


def number(value: int, name: str) -> int:
    """A number that is not negative. ctypes would cut off what is too long, and the library has a meaning for -1."""
    value = operator.index(value)
    if not 0 <= value <= LARGEST:
        raise InvalidArgumentError(Code.INVALID_ARGUMENT, f"{name} is a number from 0 to {LARGEST}, not {value}")
    return value


def content_of(getter: Function, value: Any) -> bytes:
    """A text that may hold NUL."""
    length = c_size_t()
    data = getter(value, byref(length))
    return ctypes.string_at(data, length.value)


def json_text(value: Any) -> Tuple[bytes, int]:
    try:
        return text(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as fault:
        raise InvalidArgumentError(Code.INVALID_ARGUMENT, f"not a JSON value: {fault}") from None


def options_text(options: Mapping[str, Any]) -> Tuple[bytes, int]:
    """Paths may be given as `pathlib` has them."""
    try:
        return text(json.dumps(options, allow_nan=False, default=os.fspath))
    except (TypeError, ValueError) as fault:
        raise InvalidOptionsError(Code.INVALID_OPTIONS, f"options are not a JSON object: {fault}") from None
