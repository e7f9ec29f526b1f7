"""The directory: keeps a store and a folder of plain files in step."""

from __future__ import annotations

from typing import Optional

from ._call import call, json_of, library, number_of, object_of, options_text
from .events import Source
from .loop import Loop
from .options import DirectoryOptions
from .store import Store
from .values import DirectoryStatus, from_json


class Directory(Source):
    """Keeps a store and a folder of plain files in step.

    One process at a time owns a folder: `start()` and the calls that wait raise BusyError when another does. Failures
    of background work are told as events and in the status, and tried again.
    """

    _kind = "directory"

    def __init__(self, store: Store, options: DirectoryOptions, loop: Optional[Loop] = None) -> None:
        """Touches nothing yet. On the store's loop, unless another is given."""
        self.store = store
        self.loop = loop or store.loop
        handle = self.loop._handle if self.loop is not None else None
        opened = object_of(library.fluentsync_directory_open, handle, store._handle, *options_text(options))
        self._own(opened, store, self.loop)

    def start(self) -> None:
        """Takes the folder, brings both sides together in the background, watches from then on. Returns soon."""
        call(library.fluentsync_directory_start, self._handle)

    def stop(self) -> None:
        """Ends watching and exporting; what is pending stays pending in the database."""
        call(library.fluentsync_directory_stop, self._handle)

    def flush(self) -> None:
        """Waits until everything that was pending when it was called has landed. Held paths do not count."""
        call(library.fluentsync_directory_flush, self._handle)

    def export_all(self) -> int:
        """Waits: writes each file that is missing or older; how many."""
        return number_of(library.fluentsync_directory_export_all, self._handle)

    def import_all(self) -> int:
        """Waits: imports each file that is new or changed; how many entities changed."""
        return number_of(library.fluentsync_directory_import_all, self._handle)

    def confirm_deletions(self) -> int:
        """Lets the deletions that the guard holds go through, in the background; how many."""
        return number_of(library.fluentsync_directory_confirm_deletions, self._handle)

    def status(self) -> DirectoryStatus:
        return from_json(DirectoryStatus, json_of(library.fluentsync_directory_status, self._handle))
