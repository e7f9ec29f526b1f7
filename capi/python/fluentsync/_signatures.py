"""The functions of fluentsync.h as ctypes has to know them. A test compares each with the header."""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_size_t, c_void_p
from typing import Any

# Handles and values are never looked into, so all are the same to us.
OBJECT = c_void_p
OUT = POINTER(c_void_p)
OUT_INT = POINTER(c_int)
OUT_INT64 = POINTER(c_int64)
OUT_SIZE = POINTER(c_size_t)
TEXT = (c_char_p, c_size_t)
USERDATA = (c_void_p, c_void_p)  # and its free function

#: Called with the userdata alone: tasks, ready, free.
NOTICE = CFUNCTYPE(None, c_void_p)
#: Called with the userdata and one object.
VISIT = CFUNCTYPE(None, c_void_p, c_void_p)
#: The same with a status for its answer.
WORK = CFUNCTYPE(c_int, c_void_p, c_void_p)


def declare(waiting: ctypes.CDLL, reading: ctypes.PyDLL) -> None:
    """`waiting` gets the functions that may wait for something, `reading` those that only look into memory."""
    _declare_handles(waiting)
    _declare_store(waiting)
    _declare_parts(waiting)
    _declare_events(waiting)
    _declare_values(reading)


def _fallible(library: ctypes.CDLL, name: str, *arguments: Any) -> None:
    function = getattr(library, "fluentsync_" + name)
    function.restype = c_int
    function.argtypes = [*arguments, OUT]


def _plain(library: ctypes.CDLL, name: str, result: Any, *arguments: Any) -> None:
    function = getattr(library, "fluentsync_" + name)
    function.restype = result
    function.argtypes = list(arguments)


def _declare_handles(library: ctypes.CDLL) -> None:
    credentials = (VISIT, *USERDATA)
    _fallible(library, "check_options", *TEXT)
    _fallible(library, "loop_open", OUT)
    _fallible(library, "loop_post", OBJECT, NOTICE, *USERDATA)
    _fallible(library, "loop_on_thread", OBJECT, OUT_INT)
    _fallible(library, "store_open", OBJECT, *TEXT, OUT)
    _fallible(library, "directory_open", OBJECT, OBJECT, *TEXT, OUT)
    _fallible(library, "git_open", OBJECT, OBJECT, OBJECT, *TEXT, *credentials, OUT)
    _fallible(library, "workspace_open", OBJECT, *TEXT, *credentials, OUT)
    for part in ("store", "directory", "git"):
        _fallible(library, "workspace_" + part, OBJECT, OUT)
    for kind in ("loop", "store", "directory", "git", "workspace", "events", "subscription"):
        _fallible(library, kind + "_close", OBJECT)


def _declare_store(library: ctypes.CDLL) -> None:
    key = (*TEXT, *TEXT)
    _fallible(library, "store_create", OBJECT, *key, *TEXT, OUT)
    for kind in ("store", "transaction"):
        _fallible(library, kind + "_put", OBJECT, *key, *TEXT, c_int64, OUT)
        _fallible(library, kind + "_get", OBJECT, *key, OUT)
        _fallible(library, kind + "_remove", OBJECT, *key, c_int64, OUT_INT)
    _fallible(library, "store_put_all", OBJECT, OBJECT, OUT_INT64)
    _fallible(library, "store_set_metadata", OBJECT, *key, *TEXT, *TEXT, c_int64, OUT)
    _fallible(library, "store_remove_metadata", OBJECT, *key, *TEXT, c_int64, OUT)
    _fallible(library, "store_list", OBJECT, *TEXT, OUT)
    _fallible(library, "store_count", OBJECT, *TEXT, OUT_INT64)
    _fallible(library, "store_types", OBJECT, OUT)
    _fallible(library, "store_transaction", OBJECT, WORK, *USERDATA)
    _fallible(library, "store_conflicts", OBJECT, c_int, OUT)
    _fallible(library, "store_conflict", OBJECT, c_int64, OUT)
    _fallible(library, "store_resolve", OBJECT, c_int64, c_int)
    _fallible(library, "store_resolve_with", OBJECT, c_int64, *TEXT)
    _fallible(library, "store_held", OBJECT, OUT)
    _fallible(library, "store_confirm_deletions", OBJECT, OUT_INT64)
    _fallible(library, "drafts_new", OUT)
    _fallible(library, "drafts_add", OBJECT, *key, *TEXT)


def _declare_parts(library: ctypes.CDLL) -> None:
    """What directory, git and workspace do."""
    for kind in ("directory", "git", "workspace"):
        _fallible(library, kind + "_start", OBJECT)
        _fallible(library, kind + "_stop", OBJECT)
        _fallible(library, kind + "_status", OBJECT, OUT)
    _fallible(library, "directory_flush", OBJECT)
    for name in ("export_all", "import_all", "confirm_deletions"):
        _fallible(library, "directory_" + name, OBJECT, OUT_INT64)
    _fallible(library, "credentials_answer", OBJECT, *TEXT, *TEXT)
    _fallible(library, "credentials_fail", OBJECT, *TEXT)
    _fallible(library, "git_commit", OBJECT, *TEXT, OUT)
    _fallible(library, "git_pull", OBJECT, OUT)
    _fallible(library, "git_push", OBJECT, OUT)
    _fallible(library, "git_sync", OBJECT)
    _fallible(library, "workspace_sync", OBJECT)
    _fallible(library, "workspace_verify", OBJECT, OUT)


def _declare_events(library: ctypes.CDLL) -> None:
    for kind in ("store", "directory", "git", "workspace"):
        _fallible(library, kind + "_events", OBJECT, c_size_t, OUT)
        _fallible(library, kind + "_subscribe", OBJECT, VISIT, *USERDATA, OUT)
    _fallible(library, "events_next", OBJECT, c_size_t, c_int64, OUT)
    _fallible(library, "events_fd", OBJECT, OUT_INT)
    _fallible(library, "events_on_ready", OBJECT, NOTICE, *USERDATA)


def _declare_values(library: ctypes.CDLL) -> None:
    """Getters and the free functions of values: none can fail, none waits."""
    _plain(library, "version", c_char_p)
    _plain(library, "live_objects", c_int64)
    _plain(library, "code_name", c_char_p, c_int)
    _getters(library, "error", c_char_p, "message", "path")
    _getters(library, "error", c_int, "code", "retryable")
    _getters(library, "string", c_void_p, "data")
    _getters(library, "put_result", c_int, "changed", "created")
    _getters(library, "put_result", c_int64, "version")
    _getters(library, "entity", c_char_p, "type", "id", "metadata", "hash")
    _getters(library, "entity", c_void_p, "content")
    _getters(library, "entity", c_int64, "version", "created", "updated")
    _getters(library, "conflict", c_char_p, "path", "type", "id", "winner_side", "loser_side")
    _getters(library, "conflict", c_char_p, "base_hash", "winner_hash", "loser_hash")
    _getters(library, "conflict", c_void_p, "winner_content", "loser_content")
    _getters(library, "conflict", c_int64, "number", "created")
    _getters(library, "conflict", c_int, "resolved")
    _getters(library, "credentials", c_char_p, "url", "username")
    _getters(library, "credentials", c_int, "attempt")
    _getters(library, "event", c_char_p, "name", "origin", "type", "id", "path", "message", "commit")
    _getters(library, "event", c_int, "kind", "code")
    _getters(library, "event", c_int64, "time", "version", "number", "count", "total")
    for name in ("entity_list", "conflict_list", "event_batch"):
        _plain(library, name + "_size", c_size_t, OBJECT)
        _plain(library, name + "_at", c_void_p, OBJECT, c_size_t)
    freed = ("error", "string", "drafts", "put_result", "entity", "entity_list", "conflict", "conflict_list")
    for name in (*freed, "event_batch"):
        _plain(library, name + "_free", None, OBJECT)


def _getters(library: ctypes.CDLL, kind: str, result: Any, *names: str) -> None:
    """A text may hold NUL only where it is a content; the others ctypes can read up to it."""
    is_text = result in (c_char_p, c_void_p)
    for name in names:
        _plain(library, f"{kind}_{name}", result, OBJECT, *((OUT_SIZE,) if is_text else ()))
