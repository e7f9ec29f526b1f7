"""What calls give back: plain data that never changes.

Times are milliseconds since the Unix epoch, ages and durations milliseconds. What a newer library adds is skipped.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple, Type, TypeVar

from .errors import Code

Value = TypeVar("Value")


@dataclass(frozen=True)
class PutResult:
    """What a write did. `changed` is false when the entity had this content already: no write, no event."""

    changed: bool
    created: bool
    version: int


@dataclass(frozen=True)
class Entity:
    """A typed piece of content. `content` is its file, front matter included, exactly."""

    type: str
    id: str
    content: str
    metadata_json: str
    hash: str
    """The content's git blob id, 40 hexadecimal digits."""
    version: int
    """1 when created, one more for each change. One that is made anew goes on counting where the one before ended."""
    created: int
    updated: int

    @functools.cached_property
    def metadata(self) -> Mapping[str, Any]:
        """The front matter, parsed; empty when there is none."""
        parsed: Dict[str, Any] = json.loads(self.metadata_json)
        return parsed


@dataclass(frozen=True)
class Conflict:
    """Two versions of one path that could not both stand. The winner is in place; the loser is kept here whole.

    Sides are "store", "file", "local" or "remote". Contents are bytes, because what is no entity may hold any.
    """

    number: int
    path: str
    type: str
    """Type and id are empty when the path is no entity."""
    id: str
    winner_side: str
    loser_side: str
    base_hash: str
    """May be empty: there was no common version."""
    winner_hash: str
    loser_hash: str
    winner_content: bytes
    loser_content: bytes
    created: int
    resolved: bool


@dataclass(frozen=True)
class Held:
    """A file that is no entity until somebody mends it. It is looked at again whenever it changes."""

    path: str
    code: Code
    reason: str
    since: int
    carried: bool = False
    """Git has it all the same, byte for byte."""


@dataclass(frozen=True)
class DirectoryStatus:
    auto_sync: bool = False
    root_verified: bool = False
    watching: bool = False
    """False: rescans stand in for events."""
    pending_exports: int = 0
    pending_imports: int = 0
    held_deletions: int = 0
    """Waiting for `confirm_deletions()`."""
    last_sync: int = 0
    held: Tuple[Held, ...] = ()
    export_progress_age: Optional[int] = None
    """Since this hop last finished a piece of work; None: not yet in this process."""
    import_progress_age: Optional[int] = None
    last_error: str = ""


@dataclass(frozen=True)
class GitStatus:
    initialized: bool = False
    auto_sync: bool = False
    branch: str = ""
    remote: str = ""
    head: str = ""
    """40 hexadecimal digits; empty before the first commit."""
    ahead: int = 0
    behind: int = 0
    uncommitted: int = 0
    """Paths that the next commit will carry."""
    last_commit: int = 0
    last_push: int = 0
    last_push_outcome: str = "none"
    """"none", "pushed", "up_to_date", "rejected" or "failed"."""
    last_error: str = ""
    standing_back: str = ""
    """Why nothing is committed right now; empty when all is well."""
    commit_progress_age: Optional[int] = None
    pull_progress_age: Optional[int] = None
    push_progress_age: Optional[int] = None


@dataclass(frozen=True)
class WorkspaceStatus:
    entities: int = 0
    open_conflicts: int = 0
    directory: DirectoryStatus = DirectoryStatus()
    git: Optional[GitStatus] = None


@dataclass(frozen=True)
class Drift:
    """One line of what `verify()` found out of step."""

    path: str
    what: str


@dataclass(frozen=True)
class VerifyReport:
    clean: bool
    entities: int = 0
    files: int = 0
    tree_entries: int = 0
    held: Tuple[Held, ...] = ()
    drifts: Tuple[Drift, ...] = ()


@dataclass(frozen=True)
class CommitResult:
    commit: str = ""
    """Empty: nothing to commit, so no commit was made."""
    files: int = 0


@dataclass(frozen=True)
class PullResult:
    head: str = ""
    files: int = 0
    """Paths changed here."""
    merged: bool = False
    """True: a merge commit was made. False: fast-forward, or nothing to do."""


@dataclass(frozen=True)
class PushResult:
    outcome: str = "none"
    """"none", "pushed", "up_to_date", "rejected" or "failed"."""
    commit: str = ""
    """What the server acknowledged."""


def from_json(kind: Type[Value], parsed: Mapping[str, Any]) -> Value:
    """The library's camelCase keys become the fields of the class, inner objects their classes."""
    known = {field.name for field in dataclasses.fields(kind)}
    named = {_snake_case(key): value for key, value in parsed.items()}
    return kind(**{name: _inner(name, value) for name, value in named.items() if name in known})


def _snake_case(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: "_" + letter.group().lower(), name)


def _inner(name: str, value: Any) -> Any:
    if name == "code":
        return Code.named(value)
    if name in ("held", "drifts"):
        return tuple(from_json(Held if name == "held" else Drift, each) for each in value)
    if name in ("directory", "git") and value is not None:
        return from_json(DirectoryStatus if name == "directory" else GitStatus, value)
    return value
