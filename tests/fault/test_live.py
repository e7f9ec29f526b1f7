"""Faults while `fluentsync run` is active: each is told, and once it is over everything converges by itself.

usage: test_live.py PROGRAM SHIM FOLDER [unittest's words]"""

import errno
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import oracle
from live_run import TROUBLE, Running, is_at_rest
from place import Place, PATIENCE
from scenarios import NAMES, edited, note, pull_fast_forward
from shim_control import Action, Kind, Plan, Repeat, Shim

PROGRAM, SHIM, FOLDER = None, None, None


class Live(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="live-", dir=FOLDER))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.place = Place(PROGRAM, self.folder / "place")
        self.shim = Shim(SHIM, self.folder / "control")

    def begin(self, plan=Plan(), **directory):
        """Five notes in step, and `run` at work on them."""
        place = self.place
        place.make()
        for name in NAMES:
            place.write(f"{name}.md", note(name))
        place.sync()
        place.configure(**{"syncDebounce": 30, **directory})
        place.change_git(commitDebounce=60, syncInterval=3600_000)
        self.known = place.contents()
        self.shim.arm(plan)
        self.run = Running(place, self.shim)
        self.addCleanup(self.run.end)
        place.put("note/first", b"that it is at work\n")
        self.run.wait_for(lambda event: event["event"] == "git:pushed", "the first push")

    def change_both_sides(self):
        self.place.put("note/by-store", note("by store"))
        self.place.write("note/beta.md", edited("note/beta", 6, "by an editor"))

    def converges(self, **wanted):
        """All by itself; then the program ends when told to, and a last look finds everything in its place."""
        place = self.place
        end = time.monotonic() + PATIENCE
        while not is_at_rest(place):
            self.assertLess(time.monotonic(), end, f"never converged: {place.run('verify', place.root)} "
                                                   f"{self.run.events}")
            self.run.new_events()
        entities = place.entities()
        for name, content in wanted.items():
            self.assertEqual(entities.get(name), content, name)
        self.assertIsNone(self.run.process.poll(), "run has ended")
        self.run.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.run.process.wait(timeout=PATIENCE), 0)
        oracle.check_database(place)
        oracle.check_repositories(place)
        oracle.check_nothing_lost(place, self.known)
        oracle.check_next_commit(place)

    def survives(self, number, kinds, message, everywhere=False):
        self.begin()
        below = "" if everywhere else str(self.place.folder)
        self.shim.change(Plan(Action.FAIL, kinds, 1, number, Repeat.STICKY, below))
        self.change_both_sides()
        told = self.run.wait_for(lambda event: event["event"] in TROUBLE and message in event["message"],
                                 f"a word about {message}")
        self.assertNotIn("\n", told["message"])
        # Tried again, but not in a hurry: the pause doubles.
        self.run.wait_for(lambda event: event["event"] in TROUBLE, "another try")
        self.shim.change(Plan())
        self.converges(**{"note/by-store": note("by store"), "note/beta": edited("note/beta", 6, "by an editor")})
        troubles = [event for event in self.run.events if event["event"] in TROUBLE]
        self.assertLess(len(troubles), 60, troubles)

    def test_no_space(self):
        self.survives(errno.ENOSPC, Kind.CHANGE, "No space left on device")

    def test_io_error(self):
        self.survives(errno.EIO, Kind.CHANGE | Kind.READ, "Input/output error")

    def test_permission_denied(self):
        self.survives(errno.EACCES, Kind.CHANGE | Kind.OPEN, "Permission denied")

    def test_not_permitted(self):
        self.survives(errno.EPERM, Kind.CHANGE, "Operation not permitted")

    def test_a_call_that_outlives_its_plan_goes_through(self):
        """The shim meets this where the driver takes a plan back between a call's count and its strike."""
        self.begin()
        self.shim.change(Plan(Action.FAIL, Kind.CHANGE, 1, 0, Repeat.STICKY, str(self.place.folder)))
        self.change_both_sides()
        self.converges(**{"note/by-store": note("by store"), "note/beta": edited("note/beta", 6, "by an editor")})

    def test_a_folder_that_cannot_be_written_keeps_nothing_else_from_coming(self):
        """What others push there is held; once it can be written, it comes by itself and meets what was edited meanwhile."""
        place = self.place
        self.begin()
        place.write("locked/known.md", note("known"))
        self.run.wait_for(lambda event: event["event"] == "git:pushed", "the push of what is going to be locked")
        place.clone()
        self.known = place.contents()
        self.shim.change(Plan(Action.FAIL, Kind.CHANGE, 1, errno.EACCES, Repeat.STICKY, str(place.root / "locked")))
        line = note("known").splitlines(keepends=True)[6]
        place.write("locked/known.md", edited("known", 6, "theirs"), place.other)
        place.write("locked/new.md", note("new"), place.other)
        place.write("note/beta.md", edited("note/beta", 6, "theirs"), place.other)
        place.others_push()
        place.write("locked/known.md", edited("known", 15, "mine"))
        place.put("note/by-store", note("by store"))
        held = set()
        while held != {"locked/known.md", "locked/new.md"}:
            held.add(self.run.wait_for(lambda event: event["event"] == "file:held", "what is held")["path"])
        self.run.wait_for(lambda event: event["event"] == "git:pushed", "the push of the rest")
        self.assertEqual(place.entities()["note/beta"], edited("note/beta", 6, "theirs"))
        self.shim.change(Plan())
        while held:
            held.discard(self.run.wait_for(lambda event: event["event"] == "file:released", "what is free")["path"])
        self.converges(**{"note/by-store": note("by store"),
                          "locked/new": note("new"),
                          "locked/known": edited("known", 15, "mine").replace(line, b"theirs\n")})

    def test_read_only(self):
        self.survives(errno.EROFS, Kind.CHANGE, "Read-only file system")

    def test_too_many_open_files(self):
        self.survives(errno.EMFILE, Kind.NEW_FD, "Too many open files", everywhere=True)

    def test_short_reads_and_writes_go_unnoticed(self):
        self.begin()
        self.shim.change(Plan(Action.SHORT, Kind.READ | Kind.WRITE, 1, repeat=Repeat.STICKY,
                              below=str(self.place.folder)))
        self.change_both_sides()
        self.converges(**{"note/by-store": note("by store"), "note/beta": edited("note/beta", 6, "by an editor")})
        self.assertEqual([event for event in self.run.events if event["event"] in TROUBLE], [])

    def test_interrupted_calls_go_unnoticed(self):
        """Each is interrupted once, and goes through when it is tried again."""
        self.begin()
        self.shim.change(Plan(Action.FAIL, Kind.READ | Kind.WRITE, 1, errno.EINTR, Repeat.ALTERNATE,
                              str(self.place.folder)))
        self.change_both_sides()
        self.converges(**{"note/by-store": note("by store"), "note/beta": edited("note/beta", 6, "by an editor")})
        self.assertEqual([event for event in self.run.events if event["event"] in TROUBLE], [])

    def test_database_locked_by_another_process(self):
        """For longer than is waited: told, retried, and through once it is free."""
        self.begin()
        other = sqlite3.connect(self.place.root / ".fluentsync/store.db", timeout=30, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        self.place.write("note/beta.md", edited("note/beta", 6, "by an editor"))
        refused = self.place.run("put", self.place.root, "note", "by-store", feed=note("by store"))
        self.assertEqual(refused.returncode, 6, refused)
        self.assertEqual(len(refused.stderr.splitlines()), 1, refused)
        told = self.run.wait_for(lambda event: event["event"] in TROUBLE, "the lock is told")
        self.assertIn("lock", told["message"])
        other.execute("ROLLBACK")
        self.place.put("note/by-store", note("by store"))
        self.converges(**{"note/by-store": note("by store"), "note/beta": edited("note/beta", 6, "by an editor")})

    def test_watch_limit_from_the_start(self):
        place = self.place
        self.begin(Plan(Action.FAIL, Kind.WATCH_ADD, 1, errno.ENOSPC, Repeat.STICKY), watchInterval=100)
        self.assertTrue([event for event in self.run.events if event["event"] == "watch:degraded"], self.run.events)
        place.write("note/beta.md", edited("note/beta", 6, "by an editor"))
        self.converges(**{"note/beta": edited("note/beta", 6, "by an editor")})

    def test_watch_limit_reached_while_it_runs(self):
        """A new folder finds no watch left: rescans stand in from then on, not ten minutes later."""
        place = self.place
        self.begin(watchInterval=100)
        self.shim.change(Plan(Action.FAIL, Kind.WATCH_ADD, 1, errno.ENOSPC, Repeat.STICKY))
        place.write("new/one.md", note("one"))
        told = self.run.wait_for(lambda event: event["event"] == "watch:degraded", "that a watch is missing")
        self.assertIn("max_user_watches", told["message"])
        place.write("new/two.md", note("two"))
        self.run.wait_for(lambda event: event["event"] == "entity:created" and event["id"] == "two", "the second")
        self.converges(**{"new/one": note("one"), "new/two": note("two")})

    def test_clock_set_back(self):
        self.begin()
        self.shim.change(Plan(clock_offset=-86400))
        self.change_both_sides()
        self.run.wait_for(lambda event: event["event"] == "git:pushed", "a push yesterday")
        self.place.write("note/beta.md", edited("note/beta", 7, "by an editor, a day back"))
        self.converges(**{"note/by-store": note("by store"),
                          "note/beta": edited("note/beta", 7, "by an editor, a day back")})

    def test_clock_set_forward(self):
        self.begin()
        self.shim.change(Plan(clock_offset=10 * 365 * 86400))
        self.change_both_sides()
        self.converges(**{"note/by-store": note("by store"), "note/beta": edited("note/beta", 6, "by an editor")})


@unittest.skipUnless(shutil.which("strace"), "strace is not there")
class Order(unittest.TestCase):
    def test_a_fetched_pack_is_on_disk_before_a_reference_names_it(self):
        folder = Path(tempfile.mkdtemp(prefix="order-", dir=FOLDER))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        place = Place(PROGRAM, folder / "place")
        pull_fast_forward(place)
        trace = folder / "trace"
        done = subprocess.run(["strace", "-f", "-y", "-o", str(trace), "-e", "trace=link,rename,syncfs",
                               place.program, "sync", str(place.root)], env=place.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
        if "ptrace" in done.stderr.decode():
            self.skipTest("tracing is not allowed here")
        self.assertEqual(done.returncode, 0, done)
        lines = trace.read_text().splitlines()

        def first(*words):
            return next(number for number, line in enumerate(lines) if all(word in line for word in words))

        pack = first("rename", "/root/.git/objects/pack/pack-", '.pack"')
        tracking = first("rename", "/refs/remotes/origin/main.lock")
        self.assertLess(pack, tracking, lines)
        self.assertTrue([line for line in lines[pack:tracking] if "syncfs" in line], lines)


def main():
    global PROGRAM, SHIM, FOLDER
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    PROGRAM, SHIM, FOLDER = (Path(word).resolve() for word in sys.argv[1:4])
    del sys.argv[1:4]
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
