"""Git: commits what changed in the folder, and keeps it in step with a remote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Tuple

from . import _callbacks
from ._call import call, json_of, library, memory, object_of, options_text, text
from ._reading import string
from .directory import Directory
from .events import Source
from .options import GitOptions
from .values import CommitResult, GitStatus, PullResult, PushResult, from_json


@dataclass(frozen=True)
class CredentialsRequest:
    """What a remote asks for."""

    url: str
    username: str
    """From the URL; may be empty."""
    attempt: int
    """1 for the first try."""


@dataclass(frozen=True)
class Credentials:
    """The answer. It is stored nowhere."""

    username: str
    password: str = field(repr=False)
    """Or a token."""


#: Called on the network's thread. None gives the remote up: RemoteError with the code AUTHENTICATION. So does what it
#: raises, whose words the RemoteError ends with (it goes to `sys.unraisablehook`, too). Other calls of this package
#: raise MisuseError inside it.
CredentialsCallback = Callable[[CredentialsRequest], Optional[Credentials]]


class Git(Source):
    """Commits what changed in the folder, and keeps it in step with a remote."""

    _kind = "git"

    def __init__(
        self, directory: Directory, options: GitOptions, credentials: Optional[CredentialsCallback] = None
    ) -> None:
        """Touches nothing yet. On the directory's store and loop."""
        store, loop = directory.store, directory.loop
        handles = (loop._handle if loop is not None else None, store._handle, directory._handle)
        self._own(
            object_of(library.fluentsync_git_open, *handles, *options_text(options), *asking(credentials)), directory
        )

    def start(self) -> None:
        """Opens or makes the repository and starts what the options ask for; network work follows in the background."""
        call(library.fluentsync_git_start, self._handle)

    def stop(self) -> None:
        call(library.fluentsync_git_stop, self._handle)

    def commit(self, message: str = "") -> CommitResult:
        """Waits: exports what is pending and commits. Without a message it uses the template of the options."""
        return from_json(CommitResult, json_of(library.fluentsync_git_commit, self._handle, *text(message)))

    def pull(self) -> PullResult:
        """Waits: fetches, merges, applies to files and store, moves the branch."""
        return from_json(PullResult, json_of(library.fluentsync_git_pull, self._handle))

    def push(self) -> PushResult:
        """Waits: pushes the branch; when the server is ahead it pulls and tries again."""
        return from_json(PushResult, json_of(library.fluentsync_git_push, self._handle))

    def sync(self) -> None:
        """Waits: everything once: export, commit, pull, push (where there is a remote)."""
        call(library.fluentsync_git_sync, self._handle)

    def status(self) -> GitStatus:
        return from_json(GitStatus, json_of(library.fluentsync_git_status, self._handle))


def asking(credentials: Optional[CredentialsCallback]) -> Tuple[Any, Any, Any]:
    """The callback as the three arguments that the library takes."""
    if credentials is None:
        return _callbacks.NO_VISIT
    answer = credentials

    def ask(exchange: int) -> None:
        request = CredentialsRequest(
            url=string(memory.fluentsync_credentials_url, exchange),
            username=string(memory.fluentsync_credentials_username, exchange),
            attempt=memory.fluentsync_credentials_attempt(exchange),
        )
        try:
            given = answer(request)
        except Exception as fault:
            call(library.fluentsync_credentials_fail, exchange, *text(f"{type(fault).__name__}: {fault}"))
            raise
        if given is not None:
            call(library.fluentsync_credentials_answer, exchange, *text(given.username), *text(given.password))

    return (_callbacks.visit, *_callbacks.keep(ask))
