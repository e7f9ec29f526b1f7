"""The notes program, as its user runs it: two folders and the remote between them."""

import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from support import PATIENCE, Case, environment

NOTES = Path(os.environ["FLUENTSYNC_EXAMPLES"]) / "python" / "notes.py"


class Notes(Case):
    def setUp(self):
        super().setUp()
        self.remote = self.bare_remote()
        for key, value in (("user.name", "Ada"), ("user.email", "ada@example.org")):
            self.git("config", "--file", self.folder / ".gitconfig", key, value)

    def start(self, folder, *words):
        more = {name: os.environ[name] for name in ("LD_PRELOAD",) if name in os.environ}
        return subprocess.Popen(
            [sys.executable, NOTES, self.folder / folder, "--remote", self.remote, *words], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env={**environment(self.folder), **more})

    def notes(self, folder, *words, code=0):
        process = self.start(folder, *words)
        stdout, stderr = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, code, stderr)
        return stdout, stderr

    def test_add_list_and_watch(self):
        self.assertEqual(self.notes("ada", "add", "Green tea: a trial", "Bitter."), ("note/green-tea-a-trial.md\n", ""))
        self.assertEqual(
            self.git("show", "main:note/green-tea-a-trial.md", cwd=self.remote),
            '---\ntitle: "Green tea: a trial"\n---\n\nBitter.')
        self.assertEqual(self.notes("ada", "list")[0], "green-tea-a-trial - Green tea: a trial\n")
        _, stderr = self.notes("ada", "add", "Green tea: a trial", code=1)
        self.assertRegex(stderr, r"\Anotes: [^\n]+\n\Z")

        watch = self.start("bob", "watch")
        try:
            self.assertEqual(watch.stdout.readline(), "entity:created note/green-tea-a-trial (by remote)\n")
        finally:
            watch.send_signal(signal.SIGINT)
            stdout, stderr = watch.communicate(timeout=PATIENCE)
        self.assertEqual((watch.returncode, stdout, stderr), (0, "", ""))
        self.assertEqual(self.notes("bob", "list")[0], "green-tea-a-trial - Green tea: a trial\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
