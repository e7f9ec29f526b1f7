#!/usr/bin/env python3
"""get, list, held, conflicts, status and verify where nothing can be written."""

import os
import sqlite3

import program

NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}


class ReadOnly(program.Case):
    """Whoever reads may write nothing of the workspace."""

    def setUp(self):
        super().setUp()
        self.reader = NOBODY if os.geteuid() == 0 else {}
        self.folder.chmod(0o755)
        try:
            self.fluentsync("--version", by=self.reader)
        except PermissionError:
            self.skipTest("another user may not run the program where it lies")
        (self.folder / ".gitconfig").write_text("[safe]\n\tdirectory = *\n")
        self.fluentsync("init", self.root)
        self.put(self.root, "note", "a", "text\n")
        (self.root / "note").mkdir()
        (self.root / "note" / "bad.md").write_bytes(b"\xff")
        self.fluentsync("sync", self.root)
        self.addCleanup(self.set_modes, 0o755, 0o644)

    def everything(self):
        return [self.root, *self.root.rglob("*")]

    def set_modes(self, of_folders, of_files):
        """Down the tree: what cannot be looked into cannot be changed."""
        for folder, _, files in os.walk(self.root):
            os.chmod(folder, 0o755)
            for name in files:
                os.chmod(os.path.join(folder, name), of_files)
        for folder, _, _ in os.walk(self.root, topdown=False):
            os.chmod(folder, of_folders)

    def lock(self):
        self.set_modes(0o555, 0o444)

    def state(self):
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in self.everything()}

    def reads(self, *words):
        return self.json(*words, by=self.reader)

    def test_what_only_reads_answers_and_writes_nothing(self):
        self.lock()
        before = self.state()
        self.assertEqual(self.fluentsync("get", self.root, "note", "a", by=self.reader).stdout, b"text\n")
        self.assertEqual([entity["id"] for entity in self.reads("list", self.root)], ["a"])
        self.assertEqual([held["path"] for held in self.reads("held", self.root)], ["note/bad.md"])
        self.assertEqual(self.reads("conflicts", self.root), [])
        status = self.reads("status", self.root)
        self.assertEqual((status["entities"], status["directory"]["rootVerified"]), (1, True))
        self.assertEqual((status["git"]["branch"], status["git"]["lastError"]), ("main", ""))
        self.assertTrue(self.reads("verify", self.root)["clean"])
        self.assertEqual(self.state(), before)

    def test_what_writes_says_in_one_line_that_it_cannot(self):
        self.lock()
        for words in (["put", self.root, "note", "b"], ["confirm", self.root], ["sync", self.root]):
            self.refused(*words, code=3, says="store.db", feed=b"text\n", by=self.reader)

    def test_the_newest_of_who_writes_is_read(self):
        database = sqlite3.connect(self.root / ".fluentsync" / "store.db")  # Keeps the log that it finds.
        self.addCleanup(database.close)
        database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        self.put(self.root, "note", "b", "in the log\n")
        self.lock()
        self.assertEqual(self.fluentsync("get", self.root, "note", "b", by=self.reader).stdout, b"in the log\n")

    def test_a_log_without_its_index_is_told(self):
        state = self.root / ".fluentsync"
        database = sqlite3.connect(state / "store.db")
        self.addCleanup(database.close)
        database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        self.put(self.root, "note", "b", "in the log\n")
        log = (state / "store.db-wal").read_bytes()
        database.close()
        (state / "store.db-wal").write_bytes(log)
        self.lock()
        self.refused("list", self.root, code=3, says="log", by=self.reader)

    def test_a_folder_that_may_not_be_looked_into_is_no_missing_workspace(self):
        (self.root / ".fluentsync").chmod(0o000)
        self.addCleanup((self.root / ".fluentsync").chmod, 0o755)
        self.refused("list", self.root, code=3, says="Permission denied", by=self.reader)


if __name__ == "__main__":
    program.main()
