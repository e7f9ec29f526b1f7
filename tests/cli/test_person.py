#!/usr/bin/env python3
"""A person's own git in the folder that `run` keeps in step: checkout, stash, commit, staged work."""

import subprocess
import time

import program
from workspace_run import RunCase

# What git says when somebody else holds one of its locks for a moment.
LOCKED = (b"index.lock", b"cannot lock ref", b"unable to lock")


class PersonCase(RunCase):
    def person(self, *words):
        """git as a person types it, again where a lock was held. Returns its output."""
        end = time.monotonic() + program.PATIENCE
        while time.monotonic() < end:
            done = subprocess.run(
                ["git", "-c", "user.name=Person", "-c", "user.email=person@localhost", *map(str, words)],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=program.PATIENCE, cwd=self.root,
                env=program.environment(self.folder), check=False)
            if done.returncode == 0:
                return done.stdout.decode()
            if not any(words in done.stdout for words in LOCKED):
                break
        self.fail(f"git {words}: {done.stdout!r}")

    def write(self, path, text):
        self.file(path).write_text(text)

    def clean(self):
        """`git status` is clean for a person looking a moment later."""
        self.eventually(lambda: self.git("-C", self.root, "status", "--porcelain") == "", "a clean git status")


class Person(PersonCase):
    def test_checkout_of_one_file(self):
        first = self.expected["note/a.md"]
        self.write("note/a.md", "second\n")
        self.arrives("note/a.md", "second\n")
        self.running.until(lambda: self.committed()["note/a.md"] != self.first_id("note/a.md"), "a commit")
        self.person("checkout", "-q", "HEAD~1", "--", "note/a.md")
        self.arrives("note/a.md", first)
        self.running.until(lambda: self.committed()["note/a.md"] == self.first_id("note/a.md"), "a commit")
        self.clean()
        self.finish()
        self.assertEqual(self.paths_told("entity:deleted", "file:held"), set())

    def first_id(self, path):
        return self.git("-C", self.root, "rev-parse", f"{self.start}:{path}")

    def setUp(self):
        super().setUp()
        self.start = self.git("-C", self.root, "rev-parse", "HEAD")

    def test_checkout_of_a_branch_and_back_trap_34(self):
        self.clean()
        self.person("checkout", "-q", "-b", "topic")
        self.write("note/a.md", "on topic\n")
        self.arrives("note/a.md", "on topic\n")
        self.running.until(lambda: self.committed()["note/a.md"] != self.first_id("note/a.md"), "a commit on topic")
        topic = self.git("-C", self.root, "rev-parse", "topic")
        self.assertEqual(self.git("-C", self.root, "rev-parse", "main"), self.start)
        self.clean()
        self.person("checkout", "-q", "main")
        self.arrives("note/a.md", "---\ntitle: a\n---\nfirst text of a\n")
        self.fence()
        self.finish()
        self.assertEqual(self.git("-C", self.root, "symbolic-ref", "--short", "HEAD"), "main")
        # What was on topic stays there, and nobody undid it there.
        self.assertEqual(self.git("-C", self.root, "rev-parse", "topic"), topic)
        self.assertEqual(self.git("-C", self.root, "show", "topic:note/a.md"), "on topic")

    def test_commits_by_a_person_beside_ours_trap_35(self):
        tips = []
        for number in range(10):
            self.put(self.root, "note", "ours", f"ours {number}\n")
            self.expected["note/ours.md"] = f"ours {number}\n"
            self.write("note/theirs.md", f"theirs {number}\n")
            self.person("add", "note/theirs.md")
            self.person("commit", "-q", "--allow-empty", "-m", f"person {number}")
            tips.append(self.git("-C", self.root, "log", "-1", "--format=%H", f"--grep=person {number}"))
        self.arrives("note/theirs.md", "theirs 9\n")
        self.finish()
        for tip in tips:
            self.git("-C", self.root, "merge-base", "--is-ancestor", tip, "main")
        self.assertEqual(self.paths_told("entity:deleted", "file:held"), set())

    def test_staged_work_is_kept_trap_35(self):
        self.write("todo.txt", "first\n")
        self.running.until(lambda: "todo.txt" in self.committed(), "todo.txt in a commit")
        self.clean()
        self.person("update-index", "--cacheinfo", f"100644,{self.blob('half done')},todo.txt")
        staged = self.git("-C", self.root, "ls-files", "-s", "todo.txt")
        for number in range(3):
            self.put(self.root, "note", "a", f"text {number}\n")
            self.arrives("note/a.md", f"text {number}\n")
            self.fence()
            self.assertEqual(self.git("-C", self.root, "ls-files", "-s", "todo.txt"), staged)
        self.eventually(lambda: self.git("-C", self.root, "diff", "--cached", "--name-only") == "todo.txt",
                        "only the person's own work staged")
        self.finish(beside=["todo.txt"], drift=b"todo.txt: the index is not as HEAD is\n")
        self.assertEqual(self.git("-C", self.root, "ls-files", "-s", "todo.txt"), staged)
        self.assertEqual(self.git("-C", self.root, "show", "HEAD:todo.txt"), "first")

    def blob(self, text):
        done = subprocess.run(["git", "hash-object", "-w", "--stdin"], input=text.encode(), check=True,
                              stdout=subprocess.PIPE, cwd=self.root, env=program.environment(self.folder))
        return done.stdout.decode().strip()


class Stash(PersonCase):
    """Commits wait, so that there is something to stash."""

    commit_debounce = 3_600_000

    def fence(self):
        """Without a commit."""
        self.fences += 1
        self.put(self.root, "fence", str(self.fences), f"fence {self.fences}\n")
        self.expected[f"fence/{self.fences}.md"] = f"fence {self.fences}\n"
        self.running.event("file:exported", path=f"fence/{self.fences}.md")

    def test_stash_and_pop(self):
        first = self.expected["note/a.md"]
        self.write("note/a.md", "work\n")
        self.write("note/new.md", "new work\n")
        self.arrives("note/a.md", "work\n")
        self.arrives("note/new.md", "new work\n")
        fences = [path for path in self.expected if path.startswith("fence/")]
        self.person("stash", "push", "-q", "--include-untracked", "--", "note")
        self.arrives("note/a.md", first)
        self.is_deleted("note/new.md")
        self.person("stash", "pop", "-q")
        self.arrives("note/a.md", "work\n")
        self.arrives("note/new.md", "new work\n")
        self.assertEqual(self.git("-C", self.root, "stash", "list"), "")
        self.assertTrue(fences)
        self.finish()
        self.assertEqual(self.paths_told("file:held", "deletion:held"), set())

    def test_a_persons_commit_of_a_part_of_the_work(self):
        self.write("note/a.md", "work on a\n")
        self.write("note/b.md", "work on b\n")
        self.arrives("note/a.md", "work on a\n")
        self.arrives("note/b.md", "work on b\n")
        self.person("commit", "-q", "-m", "only a", "--", "note/a.md")
        mine = self.git("-C", self.root, "rev-parse", "HEAD")
        self.assertEqual(self.git("-C", self.root, "show", "--format=", "--name-only", mine), "note/a.md")
        self.fence()
        self.assertEqual(self.git("-C", self.root, "rev-parse", "HEAD"), mine)
        self.finish()
        self.git("-C", self.root, "merge-base", "--is-ancestor", mine, "main")


if __name__ == "__main__":
    program.main()
