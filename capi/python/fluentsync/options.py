"""Options, as a type checker sees them. They are plain dicts with the names of FluentSync's README in camelCase.

What is left out has its default; the library itself checks names and values, and its errors name what is wrong.
Times are milliseconds, but for `syncInterval` and `networkTimeout`, which are seconds.
"""

from __future__ import annotations

import os
from typing import Any, Dict, List, Optional, TypedDict, Union

Path = Union[str, "os.PathLike[str]"]


class _Store(TypedDict):
    path: Path


class StoreOptions(_Store, total=False):
    cacheKib: int
    durable: bool
    readOnly: bool


class DeletionGuard(TypedDict, total=False):
    minCount: int
    maxFraction: float
    maxCount: int


class _Directory(TypedDict):
    syncPath: Path


class DirectoryOptions(_Directory, total=False):
    autoSync: bool
    syncDebounce: int
    maxSyncDelay: Optional[int]
    watchInterval: int
    initialSync: bool
    entityTypes: List[str]
    deleteOnFileRemoval: bool
    maxImportFileBytes: int
    layout: str
    portableNames: bool
    conflictPolicy: str
    merge: Dict[str, Dict[str, List[str]]]
    deletionGuard: DeletionGuard
    durable: bool
    watchEnabled: Optional[bool]


class GitOptions(TypedDict, total=False):
    enabled: bool
    autoSync: bool
    syncInterval: float
    autoPush: bool
    skipExportCheck: bool
    commitDebounce: int
    remote: Path
    branch: str
    authorName: str
    authorEmail: str
    commitMessage: str
    conflictPolicy: str
    networkTimeout: float
    maxFetchBytes: int
    durable: bool


class _Workspace(TypedDict):
    store: StoreOptions
    directory: DirectoryOptions


class WorkspaceOptions(_Workspace, total=False):
    git: Optional[GitOptions]


class _Filter(TypedDict):
    key: str
    value: Any


class Filter(_Filter, total=False):
    compare: str


class Query(TypedDict, total=False):
    """What `list()` and `count()` look for; empty is everything, a limit of 0 is none.

    A filter's `key` is a front matter key, a dotted path or a JSON path ("$.tags[0]"); `compare` is "equal" (the
    default), "notEqual", "less", "lessEqual", "greater" or "greaterEqual". All filters must hold.
    """

    type: str
    sortBy: str
    descending: bool
    limit: int
    offset: int
    withContent: bool
    filters: List[Filter]
