#!/usr/bin/env python3
"""run: events, other processes beside it, and its end."""

import json
import shutil
import signal
import subprocess
from pathlib import Path

import program


class Run(program.Case):
    def setUp(self):
        super().setUp()
        self.remote = self.bare_remote()
        self.fluentsync("init", self.root, "--remote", self.remote)
        path = self.root / ".fluentsync" / "config.json"
        config = json.loads(path.read_text())
        config["directory"]["syncDebounce"] = 20
        config["git"]["commitDebounce"] = 50
        path.write_text(json.dumps(config))

    def start(self, *words):
        """A run with something to do at once, so that its first events show that it owns the folder."""
        self.put(self.root, "note", "first", "text\n")
        return program.Running(self, self.root, *words)

    def test_writes_beside_it_travel_to_the_remote(self):
        running = self.start("--json")
        running.event("git:pushed")
        self.put(self.root, "note", "beside", "beside\n")
        exported = running.event("file:exported", path="note/beside.md")
        self.assertEqual((exported["type"], exported["id"]), ("note", "beside"))
        commit = running.event("git:committed")["commit"]
        running.event("git:pushed", commit=commit)
        self.assertEqual(self.git("-C", self.remote, "rev-parse", "main"), commit)
        self.assertEqual(self.git("-C", self.remote, "show", "main:note/beside.md"), "beside")

        (self.root / "note" / "edited.md").write_bytes(b"by an editor\n")
        created = running.event("entity:created", id="edited")
        self.assertEqual(created["origin"], "file")
        self.fluentsync("set", self.root, "note", "edited", "rank", "1")
        running.event("file:exported", path="note/edited.md")
        self.fluentsync("rm", self.root, "note", "beside")
        running.event("file:removed", path="note/beside.md")
        self.assertEqual(running.stop(), 0)
        self.fluentsync("sync", self.root)
        self.fluentsync("verify", self.root)

    def test_one_process_owns_the_folder(self):
        running = self.start("--json")
        running.event("file:exported", path="note/first.md")
        self.refused("run", self.root, code=6, says=str(self.root))
        self.assertEqual(self.json("status", self.root)["entities"], 1)
        self.assertEqual(running.stop(), 0)
        self.fluentsync("sync", self.root)

    def test_signals_end_it_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            running = program.Running(self, self.root)
            self.put(self.root, "note", f"n{number}", "text\n")
            line = running.line(lambda text, n=number: f"note/n{n}.md" in text, "a line for people")
            self.assertRegex(line, r"\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  \w+:\w+  ")
            self.assertEqual(running.stop(number), 0)
            self.assertEqual(running.process.stderr.read(), b"")

    def test_sync_beside_it_is_done_by_it(self):
        running = self.start("--json")
        running.event("git:pushed")
        other = self.folder / "other"
        self.fluentsync("init", other, "--remote", self.remote)
        self.put(other, "note", "theirs", "theirs\n")
        self.fluentsync("sync", other)
        self.put(self.root, "note", "ours", "ours\n")
        done = self.fluentsync("sync", self.root)
        self.assertRegex(done.stdout, rb"\Ain step: 3 entities, main at [0-9a-f]{10}\n\Z")
        self.assertEqual((self.root / "note" / "theirs.md").read_bytes(), b"theirs\n")
        self.assertEqual(self.git("-C", self.remote, "show", "main:note/ours.md"), "ours")
        self.remote.rename(self.folder / "away.git")
        self.refused("sync", self.root, code=7, says="remote.git")
        self.assertEqual(running.stop(), 0)

    def test_signals_ask_it_for_a_sync(self):
        running = self.start("--json")
        running.event("git:pushed")
        other = self.folder / "other"
        self.fluentsync("init", other, "--remote", self.remote)
        for number in (signal.SIGHUP, signal.SIGUSR1):
            self.put(other, "note", f"n{number}", "theirs\n")
            self.fluentsync("sync", other)
            running.process.send_signal(number)
            running.event("entity:created", id=f"n{number}", origin="remote")
            running.event("sync:completed")
        self.assertEqual(running.stop(), 0)

    def test_nobody_reads_and_all_goes_on(self):
        running = subprocess.Popen(
            [program.PROGRAM, "run", str(self.root), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=program.environment(self.folder))
        self.addCleanup(running.stderr.close)
        self.addCleanup(running.stdout.close)
        self.addCleanup(running.kill)
        (self.root / "note").mkdir()
        # A line for each is far more than a pipe holds.
        for number in range(1500):
            (self.root / "note" / f"n{number}.md").write_text("text\n")

        def files_there():
            return len(self.git("-C", self.remote, "ls-tree", "-r", "--name-only", "main").splitlines())

        self.put(self.root, "note", "first", "text\n")
        self.eventually(lambda: self.git("-C", self.remote, "for-each-ref") and files_there() == 1501, "all pushed")
        running.send_signal(signal.SIGTERM)
        self.assertEqual(running.wait(timeout=program.PATIENCE), 0)

    def ends_for_its_database(self, running):
        running.event("error", code="database_gone")
        self.assertEqual(running.process.wait(timeout=program.PATIENCE), 3)
        told = running.process.stderr.read().decode()
        # Whoever notices it first says so: a round, or what comes after one ("commit: ").
        self.assertRegex(told, r"\Afluentsync: (?:[a-z]+: )?database '[^\n]*store.db'[^\n]*while it was open[^\n]*\n\Z")

    def database(self):
        return self.root / ".fluentsync" / "store.db"

    def test_it_ends_when_its_database_is_deleted(self):
        running = self.start("--json")
        running.event("git:pushed")
        for part in self.root.glob(".fluentsync/store.db*"):
            part.unlink()
        self.put(self.root, "note", "other", "in another database\n")
        self.ends_for_its_database(running)
        self.fluentsync("sync", self.root)
        self.assertEqual([entity["id"] for entity in self.json("list", self.root)], ["first", "other"])

    def test_it_ends_when_its_database_is_replaced(self):
        copy = self.folder / "copy.db"
        shutil.copy(self.database(), copy)
        running = self.start("--json")
        running.event("git:pushed")
        copy.rename(self.database())
        self.ends_for_its_database(running)

    def test_it_ends_when_its_log_is_deleted(self):
        for suffix in ("-wal", "-shm"):
            running = program.Running(self, self.root, "--json")
            self.put(self.root, "note", f"last{suffix}", "acknowledged, and in the log alone\n")
            running.event("file:exported", path=f"note/last{suffix}.md")
            Path(f"{self.database()}{suffix}").unlink()
            self.ends_for_its_database(running)
            self.assertIn(f"last{suffix}", [entity["id"] for entity in self.json("list", self.root)])
            self.fluentsync("sync", self.root)
            self.fluentsync("verify", self.root)

    def test_it_ends_when_its_state_folder_is_deleted(self):
        running = self.start("--json")
        running.event("git:pushed")
        shutil.rmtree(self.root / ".fluentsync")
        self.ends_for_its_database(running)

    def test_it_ends_when_nobody_reads(self):
        gone = subprocess.Popen(
            [program.PROGRAM, "run", str(self.root)], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=program.environment(self.folder))
        self.addCleanup(gone.kill)
        gone.stdout.close()
        self.put(self.root, "note", "unread", "text\n")
        self.assertEqual(gone.wait(timeout=program.PATIENCE), 3)
        self.assertIn(b"cannot write to standard output", gone.stderr.read())
        gone.stderr.close()


if __name__ == "__main__":
    program.main()
