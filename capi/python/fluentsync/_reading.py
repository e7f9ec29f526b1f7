"""From the library's values to ours."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, TypeVar

from ._call import Function, content_of, memory, object_of
from .errors import Code
from .event import Event, EventKind
from .values import Conflict, Entity, PutResult

Value = TypeVar("Value")
Reader = Callable[[Any], Value]


def given(read: Reader[Value], free: Function, function: Function, *arguments: Any) -> Optional[Value]:
    """Reads and frees the value that a call gives; None when it gives none."""
    value = object_of(function, *arguments)
    if value is None:
        return None
    try:
        return read(value)
    finally:
        free(value)


def sure(value: Optional[Value]) -> Value:
    """What a call that succeeded always gives."""
    assert value is not None
    return value


def items(read: Reader[Value], size: Function, at: Function) -> Reader[List[Value]]:
    """A reader of the lists whose items `read` reads."""
    return lambda values: [read(at(values, index)) for index in range(size(values))]


def string(getter: Function, value: Any) -> str:
    """Names of files that are no UTF-8 come as `os.fsdecode()` would have them."""
    read: bytes = getter(value, None)
    return read.decode("utf-8", "surrogateescape")


def put_result(value: Any) -> PutResult:
    return PutResult(
        changed=bool(memory.fluentsync_put_result_changed(value)),
        created=bool(memory.fluentsync_put_result_created(value)),
        version=memory.fluentsync_put_result_version(value),
    )


def entity(value: Any) -> Entity:
    return Entity(
        type=string(memory.fluentsync_entity_type, value),
        id=string(memory.fluentsync_entity_id, value),
        content=content_of(memory.fluentsync_entity_content, value).decode("utf-8", "surrogateescape"),
        metadata_json=string(memory.fluentsync_entity_metadata, value),
        hash=string(memory.fluentsync_entity_hash, value),
        version=memory.fluentsync_entity_version(value),
        created=memory.fluentsync_entity_created(value),
        updated=memory.fluentsync_entity_updated(value),
    )


def conflict(value: Any) -> Conflict:
    return Conflict(
        number=memory.fluentsync_conflict_number(value),
        path=string(memory.fluentsync_conflict_path, value),
        type=string(memory.fluentsync_conflict_type, value),
        id=string(memory.fluentsync_conflict_id, value),
        winner_side=string(memory.fluentsync_conflict_winner_side, value),
        loser_side=string(memory.fluentsync_conflict_loser_side, value),
        base_hash=string(memory.fluentsync_conflict_base_hash, value),
        winner_hash=string(memory.fluentsync_conflict_winner_hash, value),
        loser_hash=string(memory.fluentsync_conflict_loser_hash, value),
        winner_content=content_of(memory.fluentsync_conflict_winner_content, value),
        loser_content=content_of(memory.fluentsync_conflict_loser_content, value),
        created=memory.fluentsync_conflict_created(value),
        resolved=bool(memory.fluentsync_conflict_resolved(value)),
    )


def event(value: Any) -> Event:
    kind, code = memory.fluentsync_event_kind(value), memory.fluentsync_event_code(value)
    return Event(
        kind=EventKind(kind),
        name=string(memory.fluentsync_event_name, value),
        time=memory.fluentsync_event_time(value),
        type=string(memory.fluentsync_event_type, value),
        id=string(memory.fluentsync_event_id, value),
        path=string(memory.fluentsync_event_path, value),
        message=string(memory.fluentsync_event_message, value),
        commit=string(memory.fluentsync_event_commit, value),
        origin=string(memory.fluentsync_event_origin, value),
        code=Code(code),
        version=memory.fluentsync_event_version(value),
        number=memory.fluentsync_event_number(value),
        count=memory.fluentsync_event_count(value),
        total=memory.fluentsync_event_total(value),
        kind_number=kind,
        code_number=code,
    )


entities = items(entity, memory.fluentsync_entity_list_size, memory.fluentsync_entity_list_at)
conflicts = items(conflict, memory.fluentsync_conflict_list_size, memory.fluentsync_conflict_list_at)
events = items(event, memory.fluentsync_event_batch_size, memory.fluentsync_event_batch_at)


def given_put_result(function: Function, *arguments: Any) -> PutResult:
    return sure(given(put_result, memory.fluentsync_put_result_free, function, *arguments))


def given_entity(function: Function, *arguments: Any) -> Optional[Entity]:
    return given(entity, memory.fluentsync_entity_free, function, *arguments)
