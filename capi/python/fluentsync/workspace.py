"""The workspace: store, directory and git opened and wired together."""

from __future__ import annotations

from typing import Optional

from ._call import call, json_of, library, object_of, options_text
from .directory import Directory
from .events import Source
from .git import CredentialsCallback, Git, asking
from .loop import Loop
from .options import WorkspaceOptions
from .store import Store
from .values import VerifyReport, WorkspaceStatus, from_json


class Workspace(Source):
    """Store, directory and git, opened and wired together, on a loop and thread of its own or on the loop given.

    Closing stops everything within two seconds, even on a remote that hangs.
    """

    _kind = "workspace"

    def __init__(
        self,
        options: WorkspaceOptions,
        loop: Optional[Loop] = None,
        credentials: Optional[CredentialsCallback] = None,
    ) -> None:
        """Opens the database; `start()` or `sync()` take folder and repository."""
        handle = loop._handle if loop is not None else None
        self.loop = loop
        self._own(
            object_of(library.fluentsync_workspace_open, handle, *options_text(options), *asking(credentials)), loop
        )

    @property
    def store(self) -> Store:
        """Closes with the workspace and not otherwise, nor by a `with` block of its own; so do the other parts."""
        store = Store.__new__(Store)
        store.loop = self.loop
        store._borrow(object_of(library.fluentsync_workspace_store, self._handle), self)
        return store

    @property
    def directory(self) -> Directory:
        directory = Directory.__new__(Directory)
        directory.store, directory.loop = self.store, self.loop
        directory._borrow(object_of(library.fluentsync_workspace_directory, self._handle), self)
        return directory

    @property
    def git(self) -> Git:
        """Raises MisuseError when it has none; `has_git` tells."""
        git = Git.__new__(Git)
        git._borrow(object_of(library.fluentsync_workspace_git, self._handle), self)
        return git

    @property
    def has_git(self) -> bool:
        """Whether its options gave it git."""
        # Asking for the part would not do: MisuseError has other causes too.
        return self.status().git is not None

    def start(self) -> None:
        """Starts the automation that the options ask for."""
        call(library.fluentsync_workspace_start, self._handle)

    def stop(self) -> None:
        """Ends it; what is pending stays pending in the database."""
        call(library.fluentsync_workspace_stop, self._handle)

    def sync(self) -> None:
        """Waits: everything once, import, export, commit, pull, push; returns when converged."""
        call(library.fluentsync_workspace_sync, self._handle)

    def status(self) -> WorkspaceStatus:
        return from_json(WorkspaceStatus, json_of(library.fluentsync_workspace_status, self._handle))

    def verify(self) -> VerifyReport:
        """Waits: recomputes store, files, index and HEAD from scratch and compares. Changes nothing."""
        return from_json(VerifyReport, json_of(library.fluentsync_workspace_verify, self._handle))
