"""What the library has opened for us, and that it is closed in the end."""

from __future__ import annotations

import os
import threading
import warnings
import weakref
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Any, ClassVar, Deque, NoReturn, Optional, Tuple, Type, TypeVar

from ._call import Function, call, library
from .errors import ClosedError, FluentSyncError, MisuseError

Self = TypeVar("Self", bound="Handle")


class Handle:
    """Use it in a `with` statement, or call `close()`.

    One that is forgotten is closed when it is collected, and at the latest when the interpreter ends; Python then
    warns with a ResourceWarning. After a fork the child has its parent's handles no more: each use raises MisuseError.
    """

    _kind: ClassVar[str]
    _forgetting_warns: ClassVar[bool] = True
    _handle: Optional[int]
    _finalizer: Optional[weakref.finalize]

    def _own(self, handle: Optional[int], *ground: Any) -> None:
        """`ground` is what it stands on, which therefore lives on."""
        self._handle = handle
        self._ground: Tuple[Any, ...] = ground
        arguments = (self._closing(), handle, os.getpid(), self._kind if self._forgetting_warns else None)
        self._finalizer = weakref.finalize(self, _close_forgotten, *arguments)

    def _borrow(self, handle: Optional[int], owner: Handle) -> None:
        self._handle = handle
        self._ground = (owner,)
        self._finalizer = None

    @classmethod
    def _closing(cls) -> Function:
        function: Function = getattr(library, f"fluentsync_{cls._kind}_close")
        return function

    def close(self) -> None:
        """Ends it. A second time it raises ClosedError."""
        call(self._closing(), self._handle)
        if self._finalizer is not None:
            self._finalizer.detach()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], fault: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if self._finalizer is None:  # A part: it ends with its workspace, not with a block.
            return
        with suppress(ClosedError):
            self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} cannot be copied or pickled")


_forgotten: Deque[Tuple[Function, Optional[int]]] = deque()
_one_at_a_time = threading.Lock()


def _close_forgotten(closing: Function, handle: Optional[int], process: int, kind: Optional[str]) -> None:
    if os.getpid() != process:
        return
    if kind is not None:
        warnings.warn(f"a FluentSync {kind} was not closed", ResourceWarning, stacklevel=2)
    try:
        call(closing, handle)
    except MisuseError:
        # The collector came by inside a callback, where handles cannot be closed. In the order in which they came,
        # which is that in which they stand upon one another.
        _forgotten.append((closing, handle))
        with suppress(RuntimeError):  # The interpreter is ending.
            threading.Thread(target=_close_elsewhere, name="fluentsync-close").start()
    except FluentSyncError:
        pass


def _close_elsewhere() -> None:
    with _one_at_a_time, suppress(FluentSyncError):
        call(*_forgotten.popleft())
