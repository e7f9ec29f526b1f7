"""What goes wrong: one exception, with subclasses where a caller would act differently."""

from __future__ import annotations

import enum
from typing import Dict, Optional, Tuple, Type


class Code(enum.IntEnum):
    """The stable codes of fluentsync.h."""

    UNKNOWN = -1
    """A code of a newer library; the error's `number`, or the event's `code_number`, tells which."""
    OK = 0
    INVALID_ARGUMENT = 1
    INVALID_OPTIONS = 2
    INVALID_KEY = 3
    INVALID_CONTENT = 4
    INVALID_FRONT_MATTER = 5
    TOO_LARGE = 6
    NOT_FOUND = 7
    ALREADY_EXISTS = 8
    VERSION_MISMATCH = 9
    CANNOT_OPEN = 10
    NOT_OUR_DATABASE = 11
    NEWER_DATABASE = 12
    BUSY = 13
    IO = 14
    CORRUPT = 15
    FOLDER_OWNED = 16
    ROOT_UNVERIFIED = 17
    REPOSITORY = 18
    REPOSITORY_BUSY = 19
    REF_MOVED = 20
    REMOTE_UNREACHABLE = 21
    TIMED_OUT = 22
    AUTHENTICATION = 23
    PUSH_REJECTED = 24
    CANCELLED = 25
    CLOSED = 26
    MISUSE = 27
    INTERNAL = 28
    DATABASE_GONE = 29

    @classmethod
    def _missing_(cls, value: object) -> Code:
        return cls.UNKNOWN

    @classmethod
    def named(cls, name: str) -> Code:
        """From the name that the library writes in JSON, such as "invalid_content"."""
        return cls.__members__.get(name.upper(), cls.UNKNOWN)


class FluentSyncError(Exception):
    """A call failed and, unless its documentation says otherwise, changed nothing."""

    code: Code
    number: int
    """The code as the library gave it: tells also those apart that are UNKNOWN here."""
    message: str
    """One line: what failed, on what, what to do; never a secret."""
    path: str
    """The file, database or URL in question; may be empty."""
    retryable: bool
    """Whether the same call may succeed later with nothing changed by the caller."""

    def __init__(
        self, code: Code, message: str, path: str = "", retryable: bool = False, number: Optional[int] = None
    ) -> None:
        self.number = int(code) if number is None else number
        super().__init__(code, message, path, retryable, self.number)
        self.code = code
        self.message = message
        self.path = path
        self.retryable = retryable

    def __str__(self) -> str:
        return self.message


class InvalidArgumentError(FluentSyncError, ValueError):
    """An argument, key or content that is not acceptable: mend it."""


class InvalidOptionsError(FluentSyncError, ValueError):
    """An option that is unknown, missing or out of range; the message names it."""


class NotFoundError(FluentSyncError, LookupError):
    """No such entity, conflict, file or front matter key."""


class AlreadyExistsError(FluentSyncError):
    """`create()` of an entity that is there."""


class VersionMismatchError(FluentSyncError):
    """The entity no longer has the expected version: read it again."""


class BusyError(FluentSyncError):
    """Another process, or a person at work in the repository, holds the database, folder or repository."""


class StorageError(FluentSyncError):
    """A database, folder or repository cannot be opened, read or written, or is damaged."""


class RemoteError(FluentSyncError):
    """The remote is unreachable, too slow, wants other credentials or refuses the push."""


class ClosedError(FluentSyncError):
    """The handle is closed, or was closed during the call."""


class MisuseError(FluentSyncError, RuntimeError):
    """A call on the wrong thread, in the wrong state, in the wrong callback or after a fork."""


_CLASSES: Dict[Type[FluentSyncError], Tuple[Code, ...]] = {
    InvalidArgumentError: (
        Code.INVALID_ARGUMENT,
        Code.INVALID_KEY,
        Code.INVALID_CONTENT,
        Code.INVALID_FRONT_MATTER,
        Code.TOO_LARGE,
    ),
    InvalidOptionsError: (Code.INVALID_OPTIONS,),
    NotFoundError: (Code.NOT_FOUND,),
    AlreadyExistsError: (Code.ALREADY_EXISTS,),
    VersionMismatchError: (Code.VERSION_MISMATCH,),
    BusyError: (Code.BUSY, Code.FOLDER_OWNED, Code.REPOSITORY_BUSY),
    StorageError: (
        Code.CANNOT_OPEN,
        Code.NOT_OUR_DATABASE,
        Code.NEWER_DATABASE,
        Code.IO,
        Code.CORRUPT,
        Code.ROOT_UNVERIFIED,
        Code.REPOSITORY,
        Code.REF_MOVED,
        Code.DATABASE_GONE,
    ),
    RemoteError: (Code.REMOTE_UNREACHABLE, Code.TIMED_OUT, Code.AUTHENTICATION, Code.PUSH_REJECTED),
    ClosedError: (Code.CLOSED, Code.CANCELLED),
    MisuseError: (Code.MISUSE,),
}
_CLASS_OF: Dict[Code, Type[FluentSyncError]] = {code: kind for kind, codes in _CLASSES.items() for code in codes}


def error(code: int, message: str, path: str = "", retryable: bool = False) -> FluentSyncError:
    """The exception of the class that stands for the code."""
    known = Code(code)
    return _CLASS_OF.get(known, FluentSyncError)(known, message, path, retryable, code)
