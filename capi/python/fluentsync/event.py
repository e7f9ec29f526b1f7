"""What an event is."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from .errors import Code


class EventKind(enum.IntEnum):
    """What an event tells. Fields that a comment does not name are empty or 0. Skip the kinds you do not know."""

    UNKNOWN = -1
    """A kind of a newer library; the event's `name` and `kind_number` tell which."""
    ENTITY_CREATED = 0
    """type, id, version, origin"""
    ENTITY_UPDATED = 1
    """type, id, version, origin"""
    ENTITY_DELETED = 2
    """type, id, origin"""
    FILE_EXPORTED = 3
    """path, type, id"""
    FILE_REMOVED = 4
    """path, type, id"""
    FILE_IMPORTED = 5
    """path, type, id"""
    FILE_HELD = 6
    """path, message, code; the file stays where it is"""
    FILE_RELEASED = 7
    """path; a held file is in order again"""
    EXPORT_COMPLETED = 8
    """count of files"""
    IMPORT_COMPLETED = 9
    """count of entities"""
    DELETION_HELD = 10
    """count, message; waits for confirmation"""
    CONFLICT_DETECTED = 11
    """path, type, id, number, message"""
    CONFLICT_RESOLVED = 12
    """number"""
    WATCH_OVERFLOW = 13
    """a rescan follows by itself"""
    WATCH_DEGRADED = 14
    """no watches left; rescans stand in"""
    ROOT_LOST = 15
    """the folder is gone or another; everything waits"""
    ROOT_FOUND = 16
    """it is back"""
    GIT_COMMITTED = 17
    """commit, count of files, message"""
    GIT_FETCHED = 18
    """commit"""
    GIT_PULLED = 19
    """commit that HEAD is at, count of files"""
    GIT_PUSHED = 20
    """commit that the server acknowledged"""
    GIT_PUSH_FAILED = 21
    """message, code"""
    GIT_PULL_FAILED = 22
    """message, code"""
    GIT_STANDING_BACK = 23
    """message says what a person is doing"""
    SYNC_COMPLETED = 24
    """a whole git cycle is through, and nothing of it failed"""
    PROGRESS = 25
    """message, count of total done (total 0: unknown)"""
    WARNING = 26
    """message"""
    ERROR = 27
    """message, code, path; it will be tried again"""
    DROPPED = 28
    """count of events were lost; list the store to catch up"""

    @classmethod
    def _missing_(cls, value: object) -> EventKind:
        return cls.UNKNOWN


@dataclass(frozen=True)
class Event:
    """Something that happened. `EventKind` tells which fields mean something."""

    kind: EventKind
    name: str
    """The stable name, such as "entity:created"."""
    time: int
    type: str = ""
    id: str = ""
    path: str = ""
    """Relative to the folder, with '/'."""
    message: str = ""
    commit: str = ""
    """40 hexadecimal digits."""
    origin: str = ""
    """Where an entity's change came from: "api", "file" or "remote". Empty for other kinds."""
    code: Code = Code.OK
    version: int = 0
    number: int = 0
    """Of a conflict record."""
    count: int = 0
    total: int = 0
    kind_number: int = -1
    """The kind as the library gave it: tells also those apart that are UNKNOWN here. -1: not from the library."""
    code_number: int = -1
    """The code, likewise."""
