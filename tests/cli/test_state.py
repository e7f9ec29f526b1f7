"""A state folder that somebody else made, or reached into, decides nothing.

usage: test_state.py PROGRAM [unittest's words]"""

import json
import os
import stat
import unittest

import program

STRANGER = 4711
HOT = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\xff\xff\xff\xff" + bytes(500)


class StateCase(program.Case):
    def setUp(self):
        super().setUp()
        self.state = self.root / ".fluentsync"
        self.config = self.state / "config.json"

    def commit_all(self, folder):
        self.git("-C", folder, "add", "-Af")
        self.git("-C", folder, "-c", "user.name=P", "-c", "user.email=p@e.org", "commit", "-qm", "theirs")

    def write_config(self, sync_path="..", store="store.db", **git):
        self.state.mkdir(parents=True, exist_ok=True)
        self.config.write_text(json.dumps({"store": {"path": store}, "directory": {"syncPath": sync_path}, "git": git}))

    def clone_of_strangers(self):
        """A person's clone of a repository that has the state folder that lies in ROOT now."""
        self.git("init", "-q", "-b", "main", self.root)
        (self.root / "readme.txt").write_text("read me\n")
        self.commit_all(self.root)
        self.root.rename(self.folder / "theirs")
        self.git("clone", "-q", self.folder / "theirs", self.root)


class FromARepository(StateCase):
    def test_a_configuration_for_another_folder(self):
        remote = self.bare_remote()
        self.write_config("../..", remote=str(remote))
        (self.folder / "private.md").write_text("private\n")
        self.clone_of_strangers()
        for words in (["init"], ["sync"], ["run"], ["list"], ["verify"]):
            self.refused(*words, self.root, code=2, says="directory.syncPath")
        self.assertFalse((self.folder / ".git").exists())
        self.assertEqual(self.git("--git-dir", remote, "for-each-ref"), "")

    def test_a_configuration_for_this_folder(self):
        remote = self.bare_remote()
        self.write_config(remote=str(remote), autoPush=True)
        self.clone_of_strangers()
        head = self.git("-C", self.root, "rev-parse", "HEAD")
        for words in (["init"], ["sync"], ["run"]):
            self.refused(*words, self.root, code=3, says="git rm -r --cached")
        self.assertEqual(self.git("-C", self.root, "rev-parse", "HEAD"), head)
        self.assertEqual(self.git("--git-dir", remote, "for-each-ref"), "")

    def test_a_database_that_is_a_link(self):
        keys = self.folder / "authorized_keys"
        self.state.mkdir(parents=True)
        (self.state / "store.db").symlink_to(keys)
        self.clone_of_strangers()
        self.refused("init", self.root, code=3, says="symbolic link")
        self.assertFalse(keys.exists())

    def test_a_journal(self):
        self.write_config()
        (self.state / "store.db").write_bytes(b"SQLite format 3\0" + bytes(8176))
        (self.state / "store.db-journal").write_bytes(HOT)
        self.clone_of_strangers()
        self.refused("init", self.root, code=3, says="store.db-journal")
        self.assertEqual((self.state / "store.db-journal").read_bytes(), HOT)

    def test_a_reset_to_the_remotes(self):
        remote = self.bare_remote()
        self.fluentsync("init", self.root, "--remote", remote)
        self.put(self.root, "note", "a", "text\n")
        self.fluentsync("sync", self.root)
        theirs = self.folder / "theirs"
        self.git("clone", "-q", remote, theirs)
        (theirs / ".fluentsync").mkdir()
        (theirs / ".fluentsync" / "config.json").write_text(self.config.read_text())
        self.commit_all(theirs)
        self.git("-C", theirs, "push", "-q", "origin", "main")
        self.refused("sync", self.root, code=5, says="has '.fluentsync'")
        self.git("-C", self.root, "reset", "-q", "--hard", "origin/main")
        self.refused("sync", self.root, code=3, says="git rm -r --cached")
        self.refused("run", self.root, code=3, says="git rm -r --cached")


class InTheFolder(StateCase):
    def test_paths_that_lead_out(self):
        outside = self.folder / "outside"
        for config in ({"sync_path": str(outside)}, {"sync_path": "."}, {"sync_path": "../sub"}, {"store": "../s.db"},
                       {"store": str(outside)}, {"store": "."}, {"store": "../../.fluentsync/s.db"}):
            self.write_config(**config)
            self.refused("list", self.root, code=2, says=str(self.config))
        self.assertEqual(os.listdir(self.folder), ["root"])
        self.write_config(str(self.root), str(self.state / "store.db"))
        self.fluentsync("list", self.root)

    def test_what_is_no_file(self):
        for make in (os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path), lambda path: os.link(source, path)):
            source = self.folder / "source"
            source.write_text("{}")
            self.state.mkdir(parents=True)
            make(self.config)
            for command in ("init", "sync", "list"):
                self.refused(command, self.root, code=3, says=str(self.config))
            program.shutil.rmtree(self.root)

    def test_a_link_in_place_of_it(self):
        (self.folder / "theirs").mkdir()
        self.root.mkdir()
        self.state.symlink_to(self.folder / "theirs")
        self.refused("init", self.root, code=3, says="symbolic link")
        self.assertEqual(os.listdir(self.folder / "theirs"), [])

    @unittest.skipUnless(os.geteuid() == 0, "only root gives files away")
    def test_another_users(self):
        self.fluentsync("init", self.root)
        for path in (self.state, self.config, self.state / "store.db", self.state / "lock", self.state / "folder-id",
                     self.state / "tmp"):
            os.chown(path, STRANGER, STRANGER)
            self.refused("sync", self.root, code=3, says="belongs to user 4711")
            os.chown(path, 0, 0)
        self.fluentsync("sync", self.root)

    def test_nobody_else_reads_or_locks_it(self):
        before = os.umask(0)
        try:
            self.fluentsync("init", self.root)
            running = program.Running(self, self.root, "--json")
            self.put(self.root, "note", "a", "text\n")
            running.event("file:exported")
            self.eventually((self.state / "run.json").exists, "run.json")
        finally:
            os.umask(before)
        modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in [self.state, *self.state.iterdir()]}
        folders = {".fluentsync", "tmp", "rescued"}
        self.assertEqual(modes, {name: 0o700 if name in folders else 0o600 for name in modes})
        self.assertLess({"lock", "run.lock", "run.json", "store.db", "store.db-wal", "store.db-shm"}, set(modes))


if __name__ == "__main__":
    program.main()
