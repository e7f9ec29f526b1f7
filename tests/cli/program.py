"""The program under test, a fresh folder for each test, and waiting without guessing."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

# Far beyond what anything here takes; reached only when something hangs.
PATIENCE = 120

PROGRAM = None


def environment(home):
    """A person without a git configuration, a time zone or our variables."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "FLUENTSYNC_"))}
    return {**kept, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="fluentsync-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.root = self.folder / "root"

    def fluentsync(self, *words, code=0, feed=b"", env=None, stdout=subprocess.PIPE, by=None):
        """Runs the program to its end, `by` another user; standard output as bytes, standard error as text."""
        done = subprocess.run(
            [PROGRAM, *map(str, words)], input=feed, stdout=stdout, stderr=subprocess.PIPE, timeout=PATIENCE,
            cwd=self.folder, env={**environment(self.folder), **(env or {})}, check=False, **(by or {}))
        done.stderr = done.stderr.decode()
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout!r} {done.stderr!r}")
        for line in done.stderr.splitlines():
            self.assertTrue(line.startswith("fluentsync: "), done.stderr)
        return done

    def refused(self, *words, code, says, **more):
        """The program ends with this code and exactly one line that says so."""
        done = self.fluentsync(*words, code=code, **more)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(says, done.stderr)

    def json(self, *words, code=0, **more):
        return json.loads(self.fluentsync(*words, "--json", code=code, **more).stdout)

    def put(self, root, kind, name, content):
        self.fluentsync("put", root, kind, name, feed=content.encode())

    def git(self, *words):
        done = subprocess.run(["git", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=PATIENCE, cwd=self.folder, env=environment(self.folder), check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout.decode().strip()

    def bare_remote(self):
        remote = self.folder / "remote.git"
        self.git("init", "-q", "--bare", "-b", "main", remote)
        return remote

    def eventually(self, question, what):
        """Asks until the answer is true."""
        end = time.monotonic() + PATIENCE
        while not question():
            self.assertLess(time.monotonic(), end, f"never: {what}")
            time.sleep(0.02)


class Running:
    """`fluentsync run ROOT --json` in the background."""

    def __init__(self, case, root, *words, under=()):
        """`under`: a tracer and its words, before the program's own."""
        self.case = case
        self.process = subprocess.Popen(
            [*under, PROGRAM, "run", str(root), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=case.folder,
            env=environment(case.folder))
        self.traced = bool(under)
        self.lines = queue.Queue()
        self.told = []  # Every line until now, read or not.
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        case.addCleanup(self.end)

    def read(self):
        for line in self.process.stdout:
            self.told.append(line.decode())
            self.lines.put(self.told[-1])
        self.lines.put(None)

    def line(self, wanted, what):
        """The first line from here on for which `wanted` is true."""
        end = time.monotonic() + PATIENCE
        seen = []
        while time.monotonic() < end:
            try:
                line = self.lines.get(timeout=end - time.monotonic())
            except queue.Empty:
                break
            if line is None:
                self.case.fail(f"run ended before {what}: {seen} {self.process.stderr.read()!r}")
            if wanted(line):
                return line
            seen.append(line)
        self.case.fail(f"never: {what}; {seen}")

    def event(self, name, **fields):
        def wanted(line):
            event = json.loads(line)
            return event["event"] == name and all(event.get(key) == value for key, value in fields.items())

        return json.loads(self.line(wanted, f"{name} {fields}"))

    def until(self, question, what):
        """Asks again after each line from here on, until the answer is true."""
        while not question():
            self.line(lambda line: True, what)

    def events(self):
        """Every event until now."""
        return [json.loads(line) for line in list(self.told)]

    def stop(self, number=signal.SIGTERM):
        os.kill(self.child() if self.traced else self.process.pid, number)
        return self.process.wait(timeout=PATIENCE)

    def child(self):
        """The program itself, where a tracer runs it."""
        return int(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0])

    def end(self):
        if self.process.poll() is None:
            if self.traced:
                os.kill(self.child(), signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait(timeout=PATIENCE)
        self.reader.join(timeout=PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()


def main():
    global PROGRAM
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} PROGRAM [unittest's words]")
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(module="__main__", verbosity=2)
