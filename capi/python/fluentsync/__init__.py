"""FluentSync keeps one content in step in a SQLite store, a folder of plain files and a git repository.

    import fluentsync

    options = {
        "store": {"path": "brain.db"},
        "directory": {"syncPath": "brain"},
        "git": {"remote": "https://git.example/me/brain.git", "autoSync": True, "autoPush": True},
    }
    with fluentsync.Workspace(options) as brain:
        brain.start()
        brain.store.put("note", "hello", "# Hello\\n")  # file, commit and push follow by themselves
        for event in brain.events():
            print(event.name, event.type, event.id)

Every object may be used from any thread. Calls that wait for disk or network let the interpreter go on meanwhile; from
asyncio use `await asyncio.to_thread(brain.sync)`. Failures are FluentSyncError and its subclasses.
"""

from . import _call
from .directory import Directory
from .errors import (
    AlreadyExistsError,
    BusyError,
    ClosedError,
    Code,
    FluentSyncError,
    InvalidArgumentError,
    InvalidOptionsError,
    MisuseError,
    NotFoundError,
    RemoteError,
    StorageError,
    VersionMismatchError,
)
from .event import Event, EventKind
from .events import Events, Subscription
from .git import Credentials, CredentialsCallback, CredentialsRequest, Git
from .loop import Loop
from .options import DeletionGuard, DirectoryOptions, Filter, GitOptions, Query, StoreOptions, WorkspaceOptions
from .store import Draft, Store, Transaction
from .values import (
    CommitResult,
    Conflict,
    DirectoryStatus,
    Drift,
    Entity,
    GitStatus,
    Held,
    PullResult,
    PushResult,
    PutResult,
    VerifyReport,
    WorkspaceStatus,
)
from .workspace import Workspace


def check_options(options: WorkspaceOptions) -> None:
    """Raises InvalidOptionsError, which says what is wrong with a workspace's options; opens nothing."""
    _call.call(_call.library.fluentsync_check_options, *_call.options_text(options))


def library_version() -> str:
    """The version of the C library, such as "0.1.0"."""
    version: bytes = _call.memory.fluentsync_version()
    return version.decode()


def live_objects() -> int:
    """How many objects this process has open in the library. For tests: 0 at the end."""
    count: int = _call.memory.fluentsync_live_objects()
    return count


__all__ = [
    "AlreadyExistsError",
    "BusyError",
    "ClosedError",
    "Code",
    "CommitResult",
    "Conflict",
    "Credentials",
    "CredentialsCallback",
    "CredentialsRequest",
    "DeletionGuard",
    "Directory",
    "DirectoryOptions",
    "DirectoryStatus",
    "Draft",
    "Drift",
    "Entity",
    "Event",
    "EventKind",
    "Events",
    "Filter",
    "FluentSyncError",
    "Git",
    "GitOptions",
    "GitStatus",
    "Held",
    "InvalidArgumentError",
    "InvalidOptionsError",
    "Loop",
    "MisuseError",
    "NotFoundError",
    "PullResult",
    "PushResult",
    "PutResult",
    "Query",
    "RemoteError",
    "StorageError",
    "Store",
    "StoreOptions",
    "Subscription",
    "Transaction",
    "VerifyReport",
    "VersionMismatchError",
    "Workspace",
    "WorkspaceOptions",
    "WorkspaceStatus",
    "check_options",
    "library_version",
    "live_objects",
]
