"""Two ways to hear what happens: a queue to iterate over, on threads and event loops of your own, and a callback."""

from __future__ import annotations

import asyncio
import math
import os
import select
import threading
import time
from collections import deque
from contextlib import suppress
from ctypes import byref, c_int
from typing import Any, Callable, Deque, Iterator, List, Optional

from . import _callbacks, _reading
from ._call import LARGEST, Function, call, library, memory, number, object_of
from ._handle import Handle
from .errors import ClosedError, Code
from .event import Event

#: How many events an iteration takes from the library at a time.
BATCH = 128
FOREVER = -1
#: The longest that poll() waits at a time, in milliseconds.
LONGEST_POLL = 2**31 - 1


class Events(Handle):
    """A queue of what happened since it was made. Iterate over it, with `for` or, under asyncio, with `async for`.

    The iteration ends when the queue, or what it listens to, is closed. The interpreter's lock is not held while it
    waits, and Ctrl-C ends the wait. Several threads may take from one queue; each event goes to one of them.
    """

    _kind = "events"
    _forgetting_warns = False  # `for event in workspace.events()` has no name to close it by.

    def __init__(self, open_events: Function, source: Handle, capacity: int) -> None:
        self._own(object_of(open_events, source._handle, number(capacity, "capacity")), source)
        self._taken: Deque[Event] = deque()
        self._descriptor: Optional[_Descriptor] = _Descriptor(self._handle)

    def close(self) -> None:
        """Ends it, and the iterations that wait on it."""
        super().close()
        self._taken.clear()
        self._descriptor = None

    def take(self, most: int = BATCH, timeout: Optional[float] = None) -> List[Event]:
        """Up to `most` events (0: 128), in order; waits up to `timeout` seconds for the first (None: without end).

        Empty when none came in time. Raises ClosedError when no more will come.
        """
        most = number(most, "most") or BATCH
        events: List[Event] = []
        with suppress(IndexError):  # Other threads take too: how many there are is known only by taking.
            while len(events) < most:
                events.append(self._taken.popleft())
        return events or self._pull(most, timeout)

    def next(self, timeout: Optional[float] = None) -> Optional[Event]:
        """The next event; None when none came within `timeout` seconds. Raises ClosedError when no more will come."""
        events = self.take(1, timeout)
        return events[0] if events else None

    def within(self, timeout: float) -> Iterator[Event]:
        """Iterates, and ends also when no event came for `timeout` seconds."""
        try:
            while True:
                event = self._next(timeout)
                if event is None:
                    return
                yield event
        except ClosedError:
            return

    def on_ready(self, ready: Optional[Callable[[], None]]) -> None:
        """Calls `ready` when there is something to take; again only after `take(timeout=0)` has come back empty.

        On any thread, so be brief: wake your scheduler. A later call replaces it, None ends it.
        """
        callback = (_callbacks.notice, *_callbacks.keep(ready)) if ready is not None else _callbacks.NO_NOTICE
        call(library.fluentsync_events_on_ready, self._handle, *callback)

    def fileno(self) -> int:
        """A descriptor to poll for reading: readable while there are events, or the end, to `take()`.

        Take until nothing is left before you poll again, and stop polling before you close the queue.
        """
        descriptor = self._descriptor
        if descriptor is None:
            raise ClosedError(Code.CLOSED, "this events queue is closed")
        return descriptor.number

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        try:
            event = self._next(None)
        except ClosedError:
            raise StopIteration from None
        assert event is not None
        return event

    def __aiter__(self) -> Events:
        return self

    async def __anext__(self) -> Event:
        try:
            while True:
                descriptor = self._descriptor  # Kept open while we wait, also when another closes the queue.
                event = self._next(0)
                if event is not None:
                    return event
                if descriptor is not None:
                    await _readable(descriptor)
        except ClosedError:
            raise StopAsyncIteration from None

    def _next(self, timeout: Optional[float]) -> Optional[Event]:
        """Takes many and keeps what is not asked for yet."""
        while True:
            try:
                return self._taken.popleft()
            except IndexError:
                events = self._pull(BATCH, timeout)
            if not events:
                return None
            self._taken.extend(events)

    def _pull(self, most: int, timeout: Optional[float]) -> List[Event]:
        longest = FOREVER if timeout is None else _milliseconds(timeout)
        if threading.current_thread() is not threading.main_thread():
            return self._pull_once(most, longest)
        # Ctrl-C is handled on the main thread and by Python, so Python has to be what waits there.
        end = None if timeout is None else time.monotonic() + longest / 1000
        while True:
            descriptor = self._descriptor
            events = self._pull_once(most, 0)
            left = FOREVER if end is None else _milliseconds(end - time.monotonic())
            if events or left == 0 or descriptor is None:
                return events
            poll = select.poll()
            poll.register(descriptor.number, select.POLLIN)
            poll.poll(min(left, LONGEST_POLL))

    def _pull_once(self, most: int, milliseconds: int) -> List[Event]:
        free = memory.fluentsync_event_batch_free
        arguments = (library.fluentsync_events_next, self._handle, most, milliseconds)
        return _reading.given(_reading.events, free, *arguments) or []


class Subscription(Handle):
    """Calls a function with each batch of events on the loop's thread, until it is closed or forgotten: keep it."""

    _kind = "subscription"
    _forgetting_warns = False

    def __init__(self, subscribe: Function, source: Handle, callback: Callable[[List[Event]], None]) -> None:
        def on_batch(batch: Any) -> None:
            callback(_reading.events(batch))

        self._own(
            object_of(subscribe, source._handle, _callbacks.visit, *_callbacks.keep(on_batch)), source
        )


class Source(Handle):
    """What can be listened to."""

    def events(self, capacity: int = 0) -> Events:
        """A queue of what happens from now on, to iterate over.

        It holds `capacity` events (0: 16384); beyond that the newest are dropped, and told as one event DROPPED.
        """
        return Events(getattr(library, f"fluentsync_{self._kind}_events"), self, capacity)

    def subscribe(self, callback: Callable[[List[Event]], None]) -> Subscription:
        """Calls `callback` with each batch of events on the loop's thread. Return soon: the loop waits.

        What it raises goes to `sys.unraisablehook`.
        """
        return Subscription(getattr(library, f"fluentsync_{self._kind}_subscribe"), self, callback)


def _milliseconds(seconds: float) -> int:
    return max(0, math.ceil(min(seconds * 1000, LARGEST)))


class _Descriptor:
    """A queue's descriptor, our own copy: valid for whoever waits on it, even while the queue is being closed."""

    def __init__(self, events: Optional[int]) -> None:
        number = c_int()
        call(library.fluentsync_events_fd, events, byref(number))
        self.number = os.dup(number.value)

    def __del__(self) -> None:
        if hasattr(self, "number"):
            os.close(self.number)


async def _readable(descriptor: _Descriptor) -> None:
    """A copy for each who waits, because an event loop has one reader for each descriptor."""

    def tell() -> None:
        if not ready.done():
            ready.set_result(None)

    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    number = os.dup(descriptor.number)
    try:
        loop.add_reader(number, tell)
        try:
            await ready
        finally:
            loop.remove_reader(number)
    finally:
        os.close(number)
