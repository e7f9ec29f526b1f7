#!/usr/bin/env python3
"""What one `get` costs from Python beside the C function called by ctypes, on one entity of 2,000 bytes: the medians of
rounds that take turns, as a row of the table that `sh cmake/bench_calls.sh` prints.

usage: PYTHONPATH=build/release/capi/python python3 tests/python/bench_get.py
"""

import statistics
import tempfile
import time
from ctypes import byref, c_void_p
from pathlib import Path

import fluentsync
from fluentsync import _call

CALLS = 2000
ROUNDS = 9


def raw_get(store):
    found, error = c_void_p(), c_void_p()
    _call.library.fluentsync_store_get(store._handle, b"note", 4, b"a", 1, byref(found), byref(error))
    _call.memory.fluentsync_entity_free(found)


def nanoseconds(work):
    begun = time.perf_counter_ns()
    for _ in range(CALLS):
        work()
    return (time.perf_counter_ns() - begun) / CALLS


def main():
    with tempfile.TemporaryDirectory() as folder, fluentsync.Store({"path": Path(folder) / "get.db"}) as store:
        store.put("note", "a", "x" * 2000)
        python, ctypes = [], []
        for _ in range(ROUNDS):
            ctypes.append(nanoseconds(lambda: raw_get(store)))
            python.append(nanoseconds(lambda: store.get("note", "a").content))
    ours, raw = statistics.median(python), statistics.median(ctypes)
    print(f"| Python | {ours:.0f} | C, by ctypes | {raw:.0f} | {ours / raw:.2f} |")


if __name__ == "__main__":
    main()
