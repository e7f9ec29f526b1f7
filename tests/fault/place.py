"""A workspace with its bare remote and another person's clone, in one folder that can be copied."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

PATIENCE = 120


class Unexpected(Exception):
    """Something that must not happen, in words."""


def environment(home):
    """A person without a git configuration or our variables."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "FLUENTSYNC_"))}
    person = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
              for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"),
                                  ("DATE", "2024-01-01T12:00:00Z"))}
    return {**kept, **person, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def blob_id(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Place:
    def __init__(self, program, folder):
        self.program = str(program)
        self.folder = Path(folder)
        self.root = self.folder / "root"
        self.remote = self.folder / "remote.git"
        self.other = self.folder / "other"
        self.environment = environment(self.folder)

    def copy_to(self, folder):
        subprocess.run(["cp", "-a", str(self.folder), str(folder)], check=True)
        return Place(self.program, folder)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    # What a person and the program do.

    def run(self, *words, feed=b""):
        return subprocess.run([self.program, *map(str, words)], input=feed, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=PATIENCE, env=self.environment, check=False)

    def must(self, *words, feed=b"", code=0):
        done = self.run(*words, feed=feed)
        if done.returncode != code:
            raise Unexpected(f"{' '.join(map(str, words))} gave {done.returncode}: "
                             f"{(done.stdout + done.stderr).decode(errors='replace').strip()}")
        return done.stdout

    def sync(self):
        self.must("sync", self.root)

    def put(self, name, content):
        kind, key = name.split("/", 1)
        self.must("put", self.root, kind, key, feed=content)

    def git(self, folder, *words):
        done = subprocess.run(["git", "-C", str(folder), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=PATIENCE, env=self.environment, check=False)
        if done.returncode != 0:
            raise Unexpected(f"git {' '.join(words)}: {(done.stdout + done.stderr).decode(errors='replace').strip()}")
        return done.stdout.decode()

    def write(self, path, content, below=None):
        file = (below or self.root) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def configure(self, remote=True, git=True, **directory):
        """config.json with relative paths, so that the folder can be copied."""
        config = {"store": {"path": "store.db"}, "directory": {"syncPath": "..", **directory}}
        if git:
            config["git"] = {"autoSync": True, "autoPush": remote}
            if remote:
                config["git"]["remote"] = "../../remote.git"
        self.write(".fluentsync/config.json", json.dumps(config).encode())

    def make(self, remote=True, git=True):
        self.folder.mkdir(parents=True)
        if remote:
            self.git(".", "init", "-q", "--bare", "-b", "main", str(self.remote))
        self.must("init", self.root)
        if not git:
            shutil.rmtree(self.root / ".git")
        self.configure(remote, git)

    def clone(self):
        self.git(".", "clone", "-q", str(self.remote), str(self.other))

    def others_push(self):
        self.git(self.other, "add", "-A")
        self.git(self.other, "commit", "-q", "-m", "theirs")
        self.git(self.other, "push", "-q", "origin", "HEAD:main")

    # What is there.

    def sql(self, statement):
        database = sqlite3.connect(self.root / ".fluentsync/store.db", timeout=10)
        try:
            rows = database.execute(statement).fetchall()
            database.commit()
            return rows
        finally:
            database.close()

    def files(self):
        """Every file of the person's: path to content."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            if Path(folder) == self.root:
                folders[:] = [name for name in folders if name not in (".git", ".fluentsync")]
            for name in names:
                path = Path(folder) / name
                found[str(path.relative_to(self.root))] = path.read_bytes()
        return found

    def entities(self):
        return {f"{kind}/{key}": content.encode() for kind, key, content in
                self.sql("SELECT type, id, content FROM entities")}

    def conflicts(self):
        """Open conflicts: path, winner and loser."""
        return sorted(self.sql("SELECT path, winner_content, loser_content FROM conflicts WHERE resolved = 0"))

    def repositories(self):
        return [folder for folder in (self.root, self.remote) if
                (folder / "HEAD").exists() or (folder / ".git/HEAD").exists()]

    def head(self, folder, what="main"):
        done = subprocess.run(["git", "-C", str(folder), "rev-parse", "--verify", "-q", what],
                              stdout=subprocess.PIPE, env=self.environment, check=False)
        return done.stdout.decode().strip()

    def reachable(self):
        """Ids of every object in the history of each repository."""
        found = set()
        for folder in self.repositories():
            for line in self.git(folder, "rev-list", "--objects", "--all").splitlines():
                found.add(line.split(" ", 1)[0])
        return found

    def contents(self):
        """Ids of every content that somebody could still get at."""
        found = {blob_id(content) for content in self.files().values()}
        found.update(blob_id(content) for content in self.entities().values())
        for _, winner, loser in self.sql("SELECT path, winner_content, loser_content FROM conflicts"):
            found.update((blob_id(winner.encode()), blob_id(loser.encode())))
        rescued = self.root / ".fluentsync/rescued"
        if rescued.is_dir():
            found.update(blob_id(file.read_bytes()) for file in rescued.iterdir())
        return found | self.reachable()
