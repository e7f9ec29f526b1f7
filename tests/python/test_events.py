"""Queues and callbacks, and that the interpreter goes on while they wait."""

import collections
import contextlib
import os
import select
import signal
import sys
import threading
import unittest
from unittest import mock

import fluentsync
from fluentsync import Code, EventKind, _call
from fluentsync import events as module
from support import PATIENCE, Case


class EventsCase(Case):
    def setUp(self):
        super().setUp()
        self.loop = self.opened(fluentsync.Loop())
        self.store = self.opened(fluentsync.Store(self.store_options(), self.loop))

    def opened(self, manager):
        self.addCleanup(manager.__exit__, None, None, None)
        return manager.__enter__()

    def put(self, id):
        self.store.put("note", id, f"{id}\n")

    def in_thread(self, work):
        """Its result, or what it raised, once it is joined."""
        outcome = []

        def run():
            try:
                outcome.append(work())
            except BaseException as fault:
                outcome.append(fault)

        thread = threading.Thread(target=run)
        thread.start()

        def joined():
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive())
            return outcome[0]

        return joined


class Queue(EventsCase):
    def test_events_come_in_order_and_in_batches(self):
        with self.store.events() as events:
            for i in range(5):
                self.put(str(i))
            first = events.next(PATIENCE)
            self.assertEqual((first.kind, first.name, first.id), (EventKind.ENTITY_CREATED, "entity:created", "0"))
            self.assertEqual((first.type, first.origin, first.version, first.code), ("note", "api", 1, Code.OK))
            ids = []
            while len(ids) < 4:
                ids += [event.id for event in events.take(2, PATIENCE)]
            self.assertEqual(ids, ["1", "2", "3", "4"])
            self.assertEqual(events.take(timeout=0), [])
            self.assertIsNone(events.next(timeout=0.001))
            self.assertEqual(list(events.within(0.001)), [])

    def test_the_iteration_ends_with_what_it_listens_to(self):
        store = fluentsync.Store({"path": self.folder / "other.db"}, self.loop)
        events = store.events()
        store.put("note", "a", "A\n")
        iteration = iter(events)
        self.assertEqual(next(iteration).id, "a")
        store.close()
        self.assertEqual([event.name for event in iteration], [])
        with self.refused(fluentsync.ClosedError, Code.CLOSED):
            events.take()
        events.close()

    def test_a_full_queue_tells_what_was_dropped(self):
        with self.store.events(capacity=3) as events, self.store.events() as all_events:
            for i in range(8):
                self.put(str(i))
            for i in range(8):
                all_events.next(PATIENCE)
            taken = events.take(10, PATIENCE) + events.take(10, PATIENCE)
            self.assertEqual([event.id for event in taken[:3]], ["0", "1", "2"])
            self.assertEqual((taken[3].kind, taken[3].count), (EventKind.DROPPED, 5))

    def test_closing_ends_a_wait_on_any_thread(self):
        events = self.store.events()
        ended = self.in_thread(lambda: list(events))
        events.close()
        self.assertEqual(ended(), [])

        events = self.store.events()
        closed = self.in_thread(events.close)
        self.assertEqual(list(events), [])  # On the main thread.
        self.assertIsNone(closed())
        with self.refused(fluentsync.ClosedError, Code.CLOSED):
            events.fileno()

    def test_the_descriptor_is_readable_while_there_is_something(self):
        with self.store.events() as events:
            poll = select.poll()
            poll.register(events, select.POLLIN)
            self.assertEqual(poll.poll(0), [])
            self.put("a")
            self.assertEqual(len(poll.poll(PATIENCE * 1000)), 1)
            self.assertEqual(len(events.take(timeout=0)), 1)
            self.assertEqual(poll.poll(0), [])

    def test_ready_is_told_once_until_the_queue_was_empty(self):
        told = threading.Semaphore(0)
        with self.store.events() as events:
            events.on_ready(told.release)
            self.put("a")
            self.assertTrue(told.acquire(timeout=PATIENCE))
            self.assertEqual(len(events.take(timeout=0)), 1)
            self.assertEqual(events.take(timeout=0), [])
            self.put("b")
            self.assertTrue(told.acquire(timeout=PATIENCE))
            events.on_ready(None)
            self.put("c")
            self.assertEqual([events.next(PATIENCE).id for _ in "bc"], ["b", "c"])
            self.assertFalse(told.acquire(blocking=False))

    def test_two_threads_share_a_queue(self):
        with self.store.events() as events:
            takers = [self.in_thread(lambda: [events.next(PATIENCE).id for _ in range(50)]) for _ in range(2)]
            for i in range(100):
                self.put(str(i))
            self.assertEqual(sorted(takers[0]() + takers[1](), key=int), [str(i) for i in range(100)])

    def test_one_thread_iterates_while_another_takes(self):
        usual = sys.getswitchinterval()
        self.addCleanup(sys.setswitchinterval, usual)
        sys.setswitchinterval(1e-6)
        count, heard, all_heard = 4000, [], threading.Event()
        events = self.store.events()

        def hear(batch):
            self.assertTrue(batch, "none came, without a time to come in")
            heard.extend(event.id for event in batch)
            if len(heard) == count:
                all_heard.set()

        def iterate():
            for event in events:
                hear([event])

        def take():
            with contextlib.suppress(fluentsync.ClosedError):
                while True:
                    hear(events.take(3))

        threads = [self.in_thread(work) for work in (iterate, take, take)]
        self.store.put_all(("note", str(i), "text") for i in range(count))
        all_heard.wait(PATIENCE / 4)
        events.close()
        self.assertEqual([joined() for joined in threads], [None] * 3)
        self.assertEqual(sorted(heard, key=int), [str(i) for i in range(count)])

    def test_what_another_thread_took_meanwhile_is_not_missed(self):
        class Contended(collections.deque):
            """Another thread takes one after each look at how many there are."""

            def __len__(self):
                count = super().__len__()
                if count:
                    self.popleft()
                return count

        with self.store.events() as events:
            self.put("a")
            self.put("b")
            events._taken = Contended(events.take(1, PATIENCE))
            self.assertIsNotNone(events.next())

    def test_a_very_long_wait_is_one_on_every_thread(self):
        with self.store.events() as events:
            for timeout in (2_200_000, 1e30, 10**400, float("inf")):
                putting = threading.Timer(0.05, self.put, ["here"])
                putting.start()
                self.assertEqual(events.next(timeout).type, "note")
                putting.join()
                self.store.remove("note", "here")
                self.assertEqual(events.next(PATIENCE).kind, EventKind.ENTITY_DELETED)
                elsewhere = self.in_thread(lambda: events.next(timeout))
                self.put("there")
                self.assertEqual(elsewhere().id, "there")
                self.store.remove("note", "there")
                self.assertEqual(events.next(PATIENCE).kind, EventKind.ENTITY_DELETED)

    def test_a_wait_beyond_what_poll_takes_goes_on(self):
        longest, module.LONGEST_POLL = module.LONGEST_POLL, 1
        self.addCleanup(setattr, module, "LONGEST_POLL", longest)
        with self.store.events() as events:
            self.assertEqual(events.take(timeout=0.05), [])
            putting = threading.Timer(0.05, self.put, ["a"])
            putting.start()
            self.assertEqual(events.next().id, "a")
            putting.join()

    def test_numbers_that_make_no_sense_are_refused(self):
        for number in (-1, 2**63, 2**64 + 1):
            with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_ARGUMENT, "capacity"):
                self.store.events(capacity=number)
            with self.store.events() as events:
                with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_ARGUMENT, "most"):
                    events.take(number, 0)

    def test_a_kind_and_a_code_of_a_newer_library_keep_their_numbers(self):
        newer = mock.Mock(return_value=12345)
        with self.store.events() as events:
            self.put("a")
            with mock.patch.multiple(_call.memory, fluentsync_event_kind=newer, fluentsync_event_code=newer):
                event = events.next(PATIENCE)
            self.assertEqual((event.kind, event.code), (EventKind.UNKNOWN, Code.UNKNOWN))
            self.assertEqual((event.kind_number, event.code_number), (12345, 12345))
            self.put("b")
            event = events.next(PATIENCE)
            self.assertEqual((event.kind_number, event.code_number), (EventKind.ENTITY_CREATED, Code.OK))

    def test_a_store_without_a_loop_has_no_events(self):
        with fluentsync.Store({"path": self.folder / "other.db"}) as store:
            with self.refused(fluentsync.MisuseError, Code.MISUSE):
                store.events()
            with self.refused(fluentsync.MisuseError, Code.MISUSE):
                store.subscribe(print)


class Callbacks(EventsCase):
    def test_a_subscription_runs_on_the_loops_thread(self):
        heard, done = [], threading.Event()

        def listen(batch):
            heard.extend((event.id, self.loop.on_thread()) for event in batch)
            done.set()

        with self.store.subscribe(listen):
            self.put("a")
            self.assertTrue(done.wait(PATIENCE))
        self.put("b")
        self.assertEqual(heard, [("a", True)])
        self.assertFalse(self.loop.on_thread())

    def test_it_may_call_back_and_close_itself_but_not_wait_for_events(self):
        outcome = []
        done = threading.Event()
        events = self.store.events()

        def listen(batch):
            try:
                self.put("from the callback")
                subscription.close()
                with self.refused(fluentsync.MisuseError, Code.MISUSE):
                    events.take(timeout=5)
                with self.refused(fluentsync.MisuseError, Code.MISUSE):
                    self.loop.close()
                outcome.append("ok")
            finally:
                done.set()

        subscription = self.store.subscribe(listen)
        self.put("a")
        self.assertTrue(done.wait(PATIENCE))
        self.assertEqual(outcome, ["ok"])
        self.assertEqual([events.next(PATIENCE).id for _ in range(2)], ["a", "from the callback"])
        events.close()

    def test_what_a_callback_raises_is_shown_and_ends_nothing(self):
        shown, done = [], threading.Event()
        usual, sys.unraisablehook = sys.unraisablehook, lambda unraisable: shown.append(unraisable.exc_type)
        self.addCleanup(setattr, sys, "unraisablehook", usual)

        def listen(batch):
            if batch[-1].id == "b":
                done.set()
            raise ZeroDivisionError

        with self.store.subscribe(listen):
            self.put("a")
            self.put("b")
            self.assertTrue(done.wait(PATIENCE))
        self.assertEqual(set(shown), {ZeroDivisionError})

    def test_a_posted_task_runs_there(self):
        done = threading.Event()
        self.loop.post(done.set)
        self.assertTrue(done.wait(PATIENCE))


class Interpreter(EventsCase):
    def test_threads_go_on_while_one_waits_for_events(self):
        """The one that waits holds no lock of the interpreter: else the event it waits for would never be put."""
        events = self.store.events()
        arrived = self.in_thread(lambda: events.next(PATIENCE).id)
        counted = sum(1 for _ in range(100000))
        self.put("a")
        self.assertEqual((arrived(), counted), ("a", 100000))
        events.close()

    def test_ctrl_c_ends_a_wait_on_the_main_thread(self):
        events = self.store.events()
        waiting = threading.Event()

        def interrupt():
            waiting.wait(PATIENCE)
            os.kill(os.getpid(), signal.SIGINT)

        interrupted = self.in_thread(interrupt)
        with self.assertRaises(KeyboardInterrupt):
            waiting.set()
            events.next()
        interrupted()
        self.put("a")
        self.assertEqual(events.next(PATIENCE).id, "a")
        events.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
