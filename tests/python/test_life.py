"""Opening and closing: in the right order, twice, never, in a forked child and at the interpreter's end."""

import copy
import ctypes
import gc
import os
import pickle
import threading
import unittest
import warnings

import fluentsync
from fluentsync import Code, _call
from support import PATIENCE, Case


class Closing(Case):
    def test_closing_twice_and_using_what_is_closed(self):
        brain = fluentsync.Workspace(self.options(autoSync=False))
        store, directory, git, events = brain.store, brain.directory, brain.git, brain.events()
        subscription = brain.subscribe(print)
        for handle in (subscription, events, brain):
            handle.close()
            with self.refused(fluentsync.ClosedError, Code.CLOSED, "closed"):
                handle.close()
        uses = (
            brain.start, brain.sync, brain.status, brain.verify, brain.events, store.count, directory.flush, git.push,
            events.take, lambda: brain.store, lambda: brain.subscribe(print), lambda: store.put("a", "b", "c"),
        )
        for use in uses:
            with self.refused(fluentsync.ClosedError, Code.CLOSED, "closed"):
                use()

    def test_closing_inside_a_with_statement(self):
        with fluentsync.Store(self.store_options()) as store:
            store.close()

    def test_what_others_stand_on_stays_open(self):
        with fluentsync.Loop() as loop, fluentsync.Store(self.store_options(), loop) as store:
            with fluentsync.Directory(store, self.options()["directory"]):
                for ground in (loop, store):
                    with self.refused(fluentsync.MisuseError, Code.MISUSE):
                        ground.close()
                self.assertEqual(store.count(), 0)

    def test_a_workspaces_parts_are_not_closed_alone(self):
        with fluentsync.Loop() as loop, fluentsync.Workspace(self.options(), loop) as brain:
            with self.refused(fluentsync.MisuseError, Code.MISUSE, "workspace"):
                brain.store.close()
            with self.refused(fluentsync.MisuseError, Code.MISUSE):
                brain.git
            with self.refused(fluentsync.MisuseError, Code.MISUSE):
                fluentsync.Directory(brain.store, self.options()["directory"])

    def test_a_block_of_a_part_ends_nothing(self):
        with fluentsync.Workspace(self.options(autoSync=False)) as brain:
            with brain.store as store, brain.directory, brain.git:
                store.put("note", "a", "A\n")
            self.assertEqual(store.count(), 1)
            fault = ZeroDivisionError("ours")
            with self.assertRaises(ZeroDivisionError) as caught:
                with brain.store:
                    raise fault
            self.assertIs(caught.exception, fault)
            self.assertIsNone(fault.__context__)

    def test_a_workspace_tells_whether_it_has_git(self):
        for git, has in (({}, False), ({"enabled": False}, False), ({"autoSync": False}, True)):
            with fluentsync.Workspace(self.options(**git)) as brain:
                self.assertIs(brain.has_git, has)
                if has:
                    self.assertTrue(brain.git.status())
                else:
                    with self.refused(fluentsync.MisuseError, Code.MISUSE):
                        brain.git
        with self.refused(fluentsync.ClosedError, Code.CLOSED):
            brain.has_git

    def test_a_directory_needs_a_loop(self):
        with fluentsync.Store(self.store_options()) as store:
            with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_ARGUMENT, "loop"):
                fluentsync.Directory(store, self.options()["directory"])

    def test_handles_are_not_copied(self):
        with fluentsync.Store(self.store_options()) as store:
            for copied in (copy.copy, copy.deepcopy, pickle.dumps):
                with self.assertRaises(TypeError):
                    copied(store)

    def test_errors_are_pickled_with_all_they_say(self):
        (self.folder / "file").write_bytes(b"")
        with self.assertRaises(fluentsync.StorageError) as caught:
            fluentsync.Store({"path": self.folder / "file" / "brain.db"})
        fault = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((type(fault), fault.code), (fluentsync.StorageError, Code.CANNOT_OPEN))
        self.assertIn("brain.db", fault.path)
        self.assertEqual((str(fault), fault.path), (str(caught.exception), caught.exception.path))
        self.assertFalse(fault.retryable)


class BadOptions(Case):
    def test_each_is_named(self):
        bad = [
            ({"path": self.folder / "a.db", "cacheKb": 5}, "cacheKib"),
            ({"path": self.folder / "a.db", "durable": "yes"}, "durable"),
            ({}, "path"),
            ("brain.db", "object"),
            ({"path": object()}, "JSON"),
            ({"path": float("inf")}, "JSON"),
        ]
        for options, says in bad:
            with self.refused(fluentsync.InvalidOptionsError, Code.INVALID_OPTIONS, says):
                fluentsync.Store(options)

    def test_codes_of_a_newer_library_are_told_apart_from_none(self):
        self.assertIs(Code(12345), Code.UNKNOWN)
        self.assertIs(Code.named("too_large"), Code.TOO_LARGE)
        self.assertIs(Code.named("of_tomorrow"), Code.UNKNOWN)
        self.assertIs(fluentsync.EventKind(12345), fluentsync.EventKind.UNKNOWN)

    def test_a_code_of_a_newer_library_keeps_its_number(self):
        fault = _call.taken_error(12345, ctypes.c_void_p())
        for each in (fault, pickle.loads(pickle.dumps(fault))):
            self.assertEqual((type(each), each.code, each.number), (fluentsync.FluentSyncError, Code.UNKNOWN, 12345))
        self.assertEqual(_call.taken_error(Code.BUSY, ctypes.c_void_p()).number, Code.BUSY)
        self.assertEqual(fluentsync.ClosedError(Code.CLOSED, "ours").number, Code.CLOSED)


class Forgetting(Case):
    def test_what_is_forgotten_is_closed_with_a_warning(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            loop = fluentsync.Loop()
            store = fluentsync.Store(self.store_options(), loop)
            directory = fluentsync.Directory(store, self.options()["directory"])
            events, subscription = directory.events(), store.subscribe(print)
            self.assertEqual(fluentsync.live_objects(), 5)
            del loop, store, directory, events, subscription
            gc.collect()
            self.assertEqual(fluentsync.live_objects(), 0)
        self.assertEqual(
            [str(warning.message) for warning in caught],
            [f"a FluentSync {kind} was not closed" for kind in ("directory", "store", "loop")])

    def test_a_part_keeps_its_workspace(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            store = fluentsync.Workspace(self.options()).store
            gc.collect()
            store.put("note", "a", "A\n")
            del store
            gc.collect()

    def test_what_is_forgotten_in_a_callback_is_closed_elsewhere(self):
        def work(transaction):
            nonlocal other
            other = None
            transaction.put("note", "a", "A\n")

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = fluentsync.Store({"path": self.folder / "other.db"})
            with fluentsync.Store(self.store_options()) as store:
                store.transaction(work)
            for thread in threading.enumerate():
                if thread is not threading.current_thread():
                    thread.join(PATIENCE)


PROGRAM = """
import os, pathlib, sys, threading, fluentsync
folder = pathlib.Path(sys.argv[1])
options = {"store": {"path": folder / "brain.db"}, "directory": {"syncPath": folder / "brain", "syncDebounce": 5}}
brain = fluentsync.Workspace(options)
"""


class WholeInterpreter(Case):
    def test_it_ends_with_everything_open(self):
        stdout, stderr = self.python(PROGRAM + """
events = brain.events()
subscription = brain.subscribe(lambda batch: None)
queue = brain.events()
queue.on_ready(lambda: None)
threading.Thread(target=lambda: list(queue), daemon=True).start()
brain.start()
for i in range(50):
    brain.store.put("note", str(i), "text")
print("done")
""")
        self.assertEqual((stdout, stderr), ("done\n", ""))

    def test_it_ends_by_an_exception_with_everything_open(self):
        _, stderr = self.python(PROGRAM + "brain.start(); brain.store.put('note', 'a', 'A'); 1 / 0", code=1)
        self.assertTrue(stderr.endswith("ZeroDivisionError: division by zero\n"), stderr)

    def test_a_forked_child_has_handles_of_its_own_only(self):
        stdout, stderr = self.python(PROGRAM + """
events = brain.events()
store = brain.store
store.put("note", "a", "A")
entity = store.get("note", "a")
brain.sync()  # at rest, so that no thread holds a lock which the child would never get
sys.stdout.flush()
child = os.fork()
if child == 0:
    for use in (brain.status, brain.close, store.count, events.take, brain.events, lambda: brain.store):
        try:
            use()
        except fluentsync.MisuseError:
            continue
        print("no error from", use)
    assert fluentsync.live_objects() == 0 and entity.content == "A"
    with fluentsync.Store({"path": folder / "child.db"}) as own:
        own.put("note", "b", "B")
    print("child done")
    sys.exit(0)
_, status = os.waitpid(child, 0)
brain.close()
events.close()
print("parent", status, fluentsync.live_objects())
""")
        self.assertEqual((stdout, stderr), ("child done\nparent 0 0\n", ""))


class Cycles(Case):
    def test_two_hundred_leave_memory_and_descriptors_flat(self):
        def cycle():
            with fluentsync.Workspace(self.options(autoSync=False)) as brain, brain.events() as events:
                brain.start()
                brain.store.put("note", "a", "A\n")
                self.assertEqual(events.next(PATIENCE).id, "a")
                brain.store.remove("note", "a")
                with brain.subscribe(lambda batch: None):
                    brain.status()

        def used():
            gc.collect()
            with open("/proc/self/statm", encoding="ascii") as statm:
                resident = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            return len(os.listdir("/proc/self/fd")), threading.active_count(), resident

        for _ in range(50):
            cycle()
        before = used()
        for _ in range(200):
            cycle()
        after = used()
        self.assertEqual(after[:2], before[:2])
        print(f"resident memory after 50 cycles {before[2] >> 10} KiB, after 250 {after[2] >> 10} KiB")
        # The sanitizers keep what is freed for a while.
        if "LD_PRELOAD" not in os.environ:
            self.assertLess(after[2] - before[2], 4 << 20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
