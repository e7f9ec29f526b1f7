"""The loop: where timers, file watches and event callbacks run."""

from __future__ import annotations

from typing import Callable

from . import _callbacks
from ._call import call, flag_of, library, object_of
from ._handle import Handle


class Loop(Handle):
    """A loop on a thread of its own. It does no disk, SQL, git or network work.

    A `Workspace` makes one for itself; make one where a `Store`, `Directory` and `Git` of your own share it.
    It cannot be closed (MisuseError) while one of them is open, nor on its own thread.
    """

    _kind = "loop"

    def __init__(self) -> None:
        self._own(object_of(library.fluentsync_loop_open))

    def post(self, task: Callable[[], None]) -> None:
        """Runs `task` on the loop's thread soon, unless the loop is closed first."""
        call(library.fluentsync_loop_post, self._handle, _callbacks.notice, *_callbacks.keep(task))

    def on_thread(self) -> bool:
        """Whether the caller is on the loop's thread."""
        return flag_of(library.fluentsync_loop_on_thread, self._handle)
