"""The synchronised folder is removed, emptied, replaced, or moved away and back: while `run` is active, and while
nothing runs. It is told, nothing is deleted for it, and once it is put right everything converges.

usage: test_root.py PROGRAM FOLDER [unittest's words]"""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
import unittest
from pathlib import Path

import oracle
from live_run import Running, is_at_rest
from place import PATIENCE, Place
from scenarios import edited, note

PROGRAM, FOLDER = None, None
NAMES = [f"note/{number}" for number in range(12)]
CHANGED = edited(NAMES[0], 6, "by an editor, away")


class RootCase(unittest.TestCase):
    """Twelve notes in step with a remote. The database lies outside the folder, as it does where that is mounted."""

    sync_interval = 3600_000

    def setUp(self):
        folder = Path(tempfile.mkdtemp(prefix="root-", dir=FOLDER))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.place = place = Place(PROGRAM, folder / "place")
        self.away = place.folder / "away"
        place.state = place.folder / "state"
        place.state.mkdir(parents=True)
        place.git(".", "init", "-q", "--bare", "-b", "main", str(place.remote))
        place.configure(watchInterval=50, syncDebounce=20)
        place.change_git(commitDebounce=40, syncInterval=self.sync_interval)
        for name in NAMES:
            place.write(f"{name}.md", note(name))
        place.sync()
        self.wanted = place.entities()
        self.assertEqual(set(self.wanted), set(NAMES))
        self.known = place.contents()

    def move_away(self):
        self.place.root.rename(self.away)

    def move_back(self):
        self.away.rename(self.place.root)

    def back_up(self):
        # Without what our index may be written in at this very moment.
        shutil.copytree(self.place.root, self.away, symlinks=True, ignore=shutil.ignore_patterns("index.*"))

    def empty(self):
        for path in list(self.place.root.iterdir()):
            shutil.rmtree(path)

    def empty_of_files(self):
        """At one stroke: of files that go one by one on a slow machine the first may go within the guard."""
        gone = self.place.folder / "gone"
        (self.place.root / "note").rename(gone)
        shutil.rmtree(gone)

    def edit_away(self):
        self.place.write(f"{NAMES[0]}.md", CHANGED, self.away)
        self.wanted[NAMES[0]] = CHANGED

    def write_store(self):
        self.place.put("note/by-store", note("by store"))
        self.wanted["note/by-store"] = note("by store")

    def put_another_there(self):
        """A repository of somebody else's, with a note of the same name. Returns what it holds, file by file."""
        place = self.place
        place.git(".", "init", "-q", "-b", "main", str(place.root))
        place.write(f"{NAMES[1]}.md", note("another"))
        place.write("note/other.md", note("other"))
        place.git(place.root, "add", "-A")
        place.git(place.root, "commit", "-q", "-m", "somebody else's")
        return self.everything_there()

    def everything_there(self):
        root = self.place.root
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def is_whole(self):
        place = self.place
        place.must("verify", place.state)
        self.assertEqual(place.entities(), self.wanted)
        self.assertEqual(place.files(), {f"{name}.md": content for name, content in self.wanted.items()})
        self.assertEqual(place.head(place.root), place.head(place.remote))
        oracle.check_database(place)
        oracle.check_repositories(place)
        oracle.check_nothing_lost(place, self.known)


class RunCase(RootCase):
    def setUp(self):
        super().setUp()
        self.run = Running(self.place)
        self.addCleanup(self.run.end)
        self.place.put("note/first", b"that it is at work\n")
        self.wanted["note/first"] = b"that it is at work\n"
        self.run.wait_for(lambda event: event["event"] == "git:pushed", "the first push")
        self.is_at_rest()  # With git's index, too: else a copy of the folder may be older than what we have seen of it.

    def is_told(self, name="root:lost"):
        told = self.run.wait_for(lambda event: event["event"] == name, name)
        self.assertNotIn("\n", told["message"])
        return told

    def is_lost(self):
        told = self.is_told()
        self.assertIn(str(self.place.root), told["message"])
        self.assertEqual(self.place.entities(), self.wanted)

    def is_at_rest(self):
        end = time.monotonic() + PATIENCE
        while not is_at_rest(self.place):
            self.assertLess(time.monotonic(), end, f"never: {self.run.events}")
            self.assertIsNone(self.run.process.poll(), "run has ended")
            self.run.new_events()

    def converges(self):
        self.is_at_rest()
        self.run.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.run.process.wait(timeout=PATIENCE), 0)
        self.assertEqual(self.names_told("entity:deleted"), [])
        self.is_whole()
        oracle.check_next_commit(self.place)

    def names_told(self, name):
        return [event for event in self.run.events if event["event"] == name]

    def is_told_found(self):
        self.run.wait_for(lambda event: event["event"] == "root:found", "that it is found")

    def replaced_and_put_back(self):
        self.move_away()
        theirs = self.put_another_there()
        self.is_lost()
        self.write_store()
        self.place.put(NAMES[2], note("changed meanwhile"))
        self.wanted[NAMES[2]] = note("changed meanwhile")
        # A commit, a fetch and more looks pass by.
        for _ in range(10):
            self.run.new_events()
        self.assertEqual(self.everything_there(), theirs)
        self.edit_away()
        shutil.rmtree(self.place.root)
        self.move_back()
        self.is_told_found()


class WhileItRuns(RunCase):
    def test_moved_away_and_back_trap_09(self):
        self.move_away()
        self.is_lost()
        self.write_store()
        self.edit_away()
        self.move_back()
        self.is_told_found()
        self.converges()

    def test_removed_and_restored_trap_09(self):
        self.back_up()
        shutil.rmtree(self.place.root)
        self.is_lost()
        self.write_store()
        self.edit_away()
        self.move_back()
        self.is_told_found()
        self.converges()

    def test_removed_for_good_and_confirmed_trap_09(self):
        """Nothing but the database is left here; the history comes from the remote."""
        place = self.place
        shutil.rmtree(place.root)
        self.is_lost()
        self.write_store()
        self.run.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.run.process.wait(timeout=PATIENCE), 0)
        self.assertFalse(place.root.exists())
        refused = place.run("sync", place.state)
        self.assertEqual(refused.returncode, 3, refused)
        self.assertIn(b"confirm", refused.stderr)
        self.assertEqual(len(refused.stderr.splitlines()), 1, refused)
        place.must("confirm", place.state)
        place.sync()
        self.is_whole()
        oracle.check_next_commit(place)

    def test_emptied_of_everything_and_restored_trap_09(self):
        self.back_up()
        self.empty()
        self.is_lost()
        self.write_store()
        shutil.rmtree(self.place.root)
        self.move_back()
        self.is_told_found()
        self.converges()

    def test_emptied_of_its_files_and_checked_out_again_trap_09(self):
        """Marker and repository are where they were: the guard holds, until git brings the files back."""
        place = self.place
        before = place.head(place.remote)
        self.empty_of_files()
        self.is_told("deletion:held")
        self.assertEqual(place.entities(), self.wanted)
        self.assertEqual(place.head(place.remote), before)
        place.git(place.root, "checkout", "HEAD", "--", ".")  # The index may not have the last one yet.
        self.converges()

    def test_emptied_of_its_files_and_confirmed_trap_09(self):
        place = self.place
        self.empty_of_files()
        self.is_told("deletion:held")
        place.must("confirm", place.state)
        end = time.monotonic() + PATIENCE
        while place.entities() or not is_at_rest(place):
            self.assertLess(time.monotonic(), end, f"never: {self.run.events}")
            self.run.new_events()
        oracle.check_nothing_lost(place, self.known)

    def test_replaced_and_put_back_trap_09(self):
        self.replaced_and_put_back()
        self.converges()


class WhileItPulls(RunCase):
    """A fetch every moment, which must not go into what stands in the place of the folder."""

    sync_interval = 100

    def test_replaced_and_put_back_trap_09(self):
        place = self.place
        place.clone()
        place.write("note/theirs.md", note("theirs"), place.other)
        self.replaced_and_put_back()
        self.wanted["note/theirs"] = note("theirs")
        self.converges()

    def is_lost(self):
        super().is_lost()
        self.place.others_push()
        self.is_told("git:standing-back")  # By a cycle, and once: those that follow find the same.


class WhileNothingRuns(RootCase):
    def refuses(self):
        place = self.place
        for words in (("sync",), ("run", "--json")):
            done = place.run(words[0], place.state, *words[1:])
            self.assertEqual(done.returncode, 3, done)
            self.assertIn(b"confirm", done.stderr)
            self.assertIn(os.fsencode(place.root), done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1, done)
        self.assertEqual(place.entities(), self.wanted)

    def goes_on(self):
        self.place.sync()
        self.is_whole()
        oracle.check_next_commit(self.place)

    def test_moved_away_and_back_trap_09(self):
        self.move_away()
        self.write_store()
        self.refuses()
        self.assertFalse(self.place.root.exists(), "an empty folder is in the way of the one that will be back")
        self.edit_away()
        self.move_back()
        self.goes_on()

    def test_removed_and_restored_trap_09(self):
        self.back_up()
        shutil.rmtree(self.place.root)
        self.write_store()
        self.refuses()
        self.edit_away()
        self.move_back()
        self.goes_on()

    def test_emptied_of_everything_and_confirmed_trap_09(self):
        """A mount point without its disk looks like this."""
        self.empty()
        self.write_store()
        self.refuses()
        self.assertEqual(list(self.place.root.iterdir()), [])
        self.place.must("confirm", self.place.state)
        self.goes_on()

    def test_emptied_of_its_files_and_restored_trap_09(self):
        place = self.place
        self.back_up()
        self.empty_of_files()
        held = place.run("sync", place.state)
        self.assertIn(b"12 deletions held", held.stderr)
        self.assertEqual(place.entities(), self.wanted)
        shutil.move(self.away / "note", place.root / "note")
        shutil.rmtree(self.away)
        self.goes_on()

    def test_replaced_and_put_back_trap_09(self):
        self.move_away()
        theirs = self.put_another_there()
        self.write_store()
        self.refuses()
        self.assertEqual(self.everything_there(), theirs)
        shutil.rmtree(self.place.root)
        self.move_back()
        self.goes_on()

    def test_replaced_and_confirmed_trap_09(self):
        """What is there comes in beside ours; of what both have, the loser is kept."""
        place = self.place
        self.move_away()
        self.put_another_there()
        self.refuses()
        self.known |= {oracle.blob_id(note("another")), oracle.blob_id(note("other"))}
        place.must("confirm", place.state)
        place.run("sync", place.state)
        place.sync()
        self.assertEqual(place.entities()["note/other"], note("other"))
        self.wanted = place.entities()
        self.is_whole()
        self.assertEqual(set(self.wanted), {*NAMES, "note/other"})
        told = json.loads(place.must("conflicts", place.state, "--json"))
        self.assertEqual([one["path"] for one in told], [f"{NAMES[1]}.md"])


def main():
    global PROGRAM, FOLDER
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    PROGRAM, FOLDER = (Path(word).resolve() for word in sys.argv[1:3])
    del sys.argv[1:3]
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
