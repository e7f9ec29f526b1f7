"""A fresh folder for each test, git as another person uses it, and waiting without guessing."""

import contextlib
import gc
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import fluentsync

# Far beyond what anything here takes; reached only when something hangs.
PATIENCE = 120


def environment(home):
    """A person without a git configuration, and without the sanitizer that this process may be loaded with."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "LD_PRELOAD", "PYTHONDEV"))}
    return {**kept, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}


class Case(unittest.TestCase):
    """Every test leaves no object behind in the library."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="fluentsync-python-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(self.check_nothing_lives)

    def check_nothing_lives(self):
        gc.collect()
        self.assertEqual(fluentsync.live_objects(), 0)

    def store_options(self):
        return {"path": self.folder / "brain.db"}

    def options(self, **git):
        """Files follow at once; commits and the network come when they are called for."""
        options = {
            "store": {"path": self.folder / "brain.db", "durable": False},
            "directory": {"syncPath": self.folder / "brain", "syncDebounce": 5, "durable": False},
        }
        if git:
            options["git"] = {"authorName": "Ada", "authorEmail": "ada@example.org", "durable": False, **git}
        return options

    def git(self, *words, cwd=None):
        done = subprocess.run(
            ["git", "-c", "user.name=Bob", "-c", "user.email=bob@example.org", *map(str, words)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, cwd=cwd or self.folder,
            env=environment(self.folder), check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout.decode().strip()

    def bare_remote(self):
        remote = self.folder / "remote.git"
        self.git("init", "-q", "--bare", "-b", "main", remote)
        return remote

    def push_as_bob(self, remote, path, content):
        """Another machine's push: a commit on top of what the remote has."""
        clone = self.folder / "bob"
        if not clone.exists():
            self.git("clone", "-q", remote, clone)
        self.git("pull", "-q", "--ff-only", cwd=clone)
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_text(content, encoding="utf-8")
        self.git("add", path, cwd=clone)
        self.git("commit", "-q", "-m", f"Bob's {path}", cwd=clone)
        self.git("push", "-q", "origin", "main", cwd=clone)

    def expect(self, events, kind, **fields):
        """The next event that is so."""
        seen = []
        for event in events.within(PATIENCE):
            if event.kind == kind and all(getattr(event, name) == value for name, value in fields.items()):
                return event
            seen.append(event.name)
        self.fail(f"never: {kind!r} {fields}; only {seen}")

    @contextlib.contextmanager
    def refused(self, kind, code, says=""):
        with self.assertRaises(kind) as caught:
            yield
        self.assertEqual(caught.exception.code, code, caught.exception)
        self.assertIn(says, str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))

    def python(self, program, *words, code=0):
        """Runs a program of its own, for what happens to a whole interpreter."""
        quiet = {key: value for key, value in os.environ.items() if key != "PYTHONDEVMODE"}
        done = subprocess.run(
            [sys.executable, "-c", program, str(self.folder), *map(str, words)], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=PATIENCE, check=False, env=quiet)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout.decode(), done.stderr.decode()
