#!/usr/bin/env python3
"""What one `get` of a 1 KiB entity costs from Python: microseconds, the median of several rounds.

usage: PYTHONPATH=build/release/capi/python python3 tests/python/bench_get.py [ROUNDS]
The first row is the C function called by ctypes and its result thrown away; what the second row adds is the making of
the Entity, the third the parsing of its front matter. The C call itself is measured by the benchmark in C.
"""

import statistics
import sys
import tempfile
import time
from ctypes import byref, c_void_p
from pathlib import Path

import fluentsync
from fluentsync import _call

CALLS = 2000


def raw_get(store):
    found, error = c_void_p(), c_void_p()
    _call.library.fluentsync_store_get(store._handle, b"note", 4, b"hello", 5, byref(found), byref(error))
    _call.memory.fluentsync_entity_free(found)


def microseconds(work, rounds):
    samples = []
    for _ in range(rounds):
        begun = time.perf_counter_ns()
        for _ in range(CALLS):
            work()
        samples.append((time.perf_counter_ns() - begun) / CALLS / 1000)
    return statistics.median(samples)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    content = "---\ntitle: Hello\n---\n\n" + "x" * 1000
    with tempfile.TemporaryDirectory() as folder, fluentsync.Store({"path": Path(folder) / "get.db"}) as store:
        store.put("note", "hello", content)
        rows = {
            "fluentsync_store_get by ctypes": lambda: raw_get(store),
            "Store.get": lambda: store.get("note", "hello"),
            "Store.get(...).metadata": lambda: store.get("note", "hello").metadata,
        }
        print("| get from Python | µs |\n|---|---|")
        for name, work in rows.items():
            print(f"| {name} | {microseconds(work, rounds):.1f} |")


if __name__ == "__main__":
    main()
