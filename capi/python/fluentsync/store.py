"""The store: typed entities in one SQLite file."""

from __future__ import annotations

from ctypes import byref, c_void_p
from typing import Any, Callable, Iterable, List, Optional, Tuple, TypeVar

from . import _callbacks, _reading
from ._call import Text, call, flag_of, json_of, json_text, library, memory, number, number_of, object_of
from ._call import options_text, text
from .errors import Code, FluentSyncError
from .events import Source
from .loop import Loop
from .options import Query, StoreOptions
from .values import Conflict, Entity, Held, PutResult, from_json

Result = TypeVar("Result")
#: Type, id and content of an entity to be written.
Draft = Tuple[Text, Text, Text]
ANY_VERSION = -1


class Store(Source):
    """Typed entities in one SQLite file. Every method may be called from any thread.

    A write that returned has committed. Several processes may have one database open; what another writes is told as
    events and exported. `type` is one path segment, `id` may be nested with '/'. `content` is the exact text of the
    entity's file, front matter included; bytes are taken too. `expected_version` makes a write conditional: it
    happens only if the entity has this version now (0: only if there is none), else VersionMismatchError.
    """

    _kind = "store"

    def __init__(self, options: StoreOptions, loop: Optional[Loop] = None) -> None:
        """Without a loop there are no events: for programs that write and leave."""
        handle = loop._handle if loop is not None else None
        self.loop = loop
        self._own(object_of(library.fluentsync_store_open, handle, *options_text(options)), loop)

    def create(self, type: Text, id: Text, content: Text) -> PutResult:
        """Adds an entity. Raises AlreadyExistsError."""
        arguments = (*text(type), *text(id), *text(content))
        return _reading.given_put_result(library.fluentsync_store_create, self._handle, *arguments)

    def put(self, type: Text, id: Text, content: Text, expected_version: Optional[int] = None) -> PutResult:
        """Adds or replaces. Content that is already there is no write and no event."""
        arguments = (*text(type), *text(id), *text(content), _version(expected_version))
        return _reading.given_put_result(library.fluentsync_store_put, self._handle, *arguments)

    def put_all(self, drafts: Iterable[Draft]) -> int:
        """All drafts in one transaction, or none; how many changed something."""
        collected = object_of(library.fluentsync_drafts_new)
        try:
            for type, id, content in drafts:
                call(library.fluentsync_drafts_add, collected, *text(type), *text(id), *text(content))
            return number_of(library.fluentsync_store_put_all, self._handle, collected)
        finally:
            memory.fluentsync_drafts_free(collected)

    def get(self, type: Text, id: Text) -> Optional[Entity]:
        """None when there is none."""
        return _reading.given_entity(library.fluentsync_store_get, self._handle, *text(type), *text(id))

    def remove(self, type: Text, id: Text, expected_version: Optional[int] = None) -> bool:
        """False when there was none."""
        arguments = (*text(type), *text(id), _version(expected_version))
        return flag_of(library.fluentsync_store_remove, self._handle, *arguments)

    def set_metadata(
        self, type: Text, id: Text, name: Text, value: Any, expected_version: Optional[int] = None
    ) -> PutResult:
        """Edits one front matter key and no other byte. `name` may be dotted; `value` is what JSON can say.

        Raises NotFoundError, and InvalidArgumentError where the edit cannot be made in place, or the front matter is
        TOML or JSON.
        """
        arguments = (*text(type), *text(id), *text(name), *json_text(value), _version(expected_version))
        return _reading.given_put_result(library.fluentsync_store_set_metadata, self._handle, *arguments)

    def remove_metadata(self, type: Text, id: Text, name: Text, expected_version: Optional[int] = None) -> PutResult:
        """Removes one front matter key; none is no error."""
        arguments = (*text(type), *text(id), *text(name), _version(expected_version))
        return _reading.given_put_result(library.fluentsync_store_remove_metadata, self._handle, *arguments)

    def list(self, query: Optional[Query] = None) -> List[Entity]:
        """The entities that the query asks for; all without one."""
        free = memory.fluentsync_entity_list_free
        arguments = (library.fluentsync_store_list, self._handle, *json_text(query or {}))
        return _reading.sure(_reading.given(_reading.entities, free, *arguments))

    def count(self, query: Optional[Query] = None) -> int:
        return number_of(library.fluentsync_store_count, self._handle, *json_text(query or {}))

    def types(self) -> List[str]:
        """The types there are."""
        types: List[str] = json_of(library.fluentsync_store_types, self._handle)
        return types

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` at once, in one transaction, and returns what it returns.

        All of its writes are committed or, if it raises, none. Inside it only the Transaction may be used; other
        calls of this package raise MisuseError.
        """
        task = _Task(work)
        arguments = (self._handle, _callbacks.work, *_callbacks.keep(task))
        try:
            call(library.fluentsync_store_transaction, *arguments)
        except FluentSyncError:
            if task.fault is None:
                raise
        if task.fault is not None:
            raise task.fault
        result: Result = task.result
        return result

    def conflicts(self, include_resolved: bool = False) -> List[Conflict]:
        """Conflict records, newest first."""
        free = memory.fluentsync_conflict_list_free
        arguments = (library.fluentsync_store_conflicts, self._handle, int(include_resolved))
        return _reading.sure(_reading.given(_reading.conflicts, free, *arguments))

    def conflict(self, number: int) -> Optional[Conflict]:
        """None when there is none of that number."""
        free = memory.fluentsync_conflict_free
        arguments = (library.fluentsync_store_conflict, self._handle, _conflict(number))
        return _reading.given(_reading.conflict, free, *arguments)

    def take_winner(self, number: int) -> None:
        """Settles a conflict: what is in place stays."""
        call(library.fluentsync_store_resolve, self._handle, _conflict(number), 0)

    def take_loser(self, number: int) -> None:
        """Settles a conflict: the version that lost is put back.

        Raises VersionMismatchError when the entity was edited since.
        """
        call(library.fluentsync_store_resolve, self._handle, _conflict(number), 1)

    def resolve(self, number: int, content: Text) -> None:
        """Settles a conflict with content of your own."""
        call(library.fluentsync_store_resolve_with, self._handle, _conflict(number), *text(content))

    def held(self) -> List[Held]:
        """Files that are left alone until somebody mends them."""
        return [from_json(Held, each) for each in json_of(library.fluentsync_store_held, self._handle)]

    def confirm_deletions(self) -> int:
        """Lets the deletions that the guard holds go through; how many."""
        return number_of(library.fluentsync_store_confirm_deletions, self._handle)


class Transaction:
    """The writes of one transaction; as the methods of Store. Valid inside the function that got it, on its thread."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def put(self, type: Text, id: Text, content: Text, expected_version: Optional[int] = None) -> PutResult:
        arguments = (*text(type), *text(id), *text(content), _version(expected_version))
        return _reading.given_put_result(library.fluentsync_transaction_put, self._handle, *arguments)

    def get(self, type: Text, id: Text) -> Optional[Entity]:
        return _reading.given_entity(library.fluentsync_transaction_get, self._handle, *text(type), *text(id))

    def remove(self, type: Text, id: Text, expected_version: Optional[int] = None) -> bool:
        arguments = (*text(type), *text(id), _version(expected_version))
        return flag_of(library.fluentsync_transaction_remove, self._handle, *arguments)


class _Task:
    """A transaction's function, and how it went: no exception may pass through the library."""

    def __init__(self, function: Callable[[Transaction], Any]) -> None:
        self.function = function
        self.result: Any = None
        self.fault: Optional[BaseException] = None

    def __call__(self, transaction: int) -> int:
        try:
            self.result = self.function(Transaction(transaction))
        except BaseException as fault:
            self.fault = fault
            return Code.CANCELLED
        return Code.OK


def _version(expected: Optional[int]) -> int:
    return ANY_VERSION if expected is None else number(expected, "expected_version")


def _conflict(value: int) -> int:
    return number(value, "a conflict's number")
