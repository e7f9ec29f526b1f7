"""A host's code as a strict type checker sees it. Never run: mypy accepts it, and each mark below that it does not need
is an error too."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import fluentsync


def typed(options: fluentsync.WorkspaceOptions) -> str:
    with fluentsync.Workspace(options) as brain:
        entity: Optional[fluentsync.Entity] = brain.store.get("note", "hello")
        number: int = brain.store.transaction(lambda transaction: transaction.put("note", "a", "A").version)
        for event in brain.events():
            return event.name + str(number)
        return "" if entity is None else entity.content


def right() -> None:
    typed({"store": {"path": Path("brain.db")}, "directory": {"syncPath": "brain"}, "git": None})


def wrong() -> None:
    typed({"store": {"path": "brain.db"}})  # type: ignore[typeddict-item]
    typed({"store": {"path": "brain.db"}, "directory": {"syncPth": "brain"}})  # type: ignore[typeddict-item]
    fluentsync.Store({"path": 7})  # type: ignore[typeddict-item]


async def asynchronous(brain: fluentsync.Workspace) -> str:
    async for event in brain.events():
        return event.id
    return ""
