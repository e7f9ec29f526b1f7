"""A workspace with its bare remote and another person's clone, in one folder that can be copied."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
from pathlib import Path

from launch import PATIENCE, Launcher


class Unexpected(Exception):
    """Something that must not happen, in words."""


def environment(home):
    """A person without a git configuration or our variables."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "FLUENTSYNC_"))}
    person = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
              for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"),
                                  ("DATE", "2024-01-01T12:00:00Z"))}
    return {**kept, **person, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "GIT_TEMPLATE_DIR": "",
            "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def blob_id(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


# What libgit2 makes in a work tree, and takes away at once, to see what the file system can do.
TRIAL = "_git2_"
# Git never writes into a file of such a name again: it puts another in its place.
WRITTEN_ONCE = re.compile(r".*/objects/([0-9a-f]{2}/[0-9a-f]{38}|pack/pack-[0-9a-f]{40}\.(pack|idx))")


def copy_tree(source, target):
    """Like `cp -a`, several times faster: what is written once is linked, not copied."""
    os.mkdir(target)
    with os.scandir(source) as entries:
        for entry in entries:
            copy = f"{target}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                copy_tree(entry.path, copy)
            elif WRITTEN_ONCE.fullmatch(entry.path):
                os.link(entry.path, copy)
            else:
                shutil.copy2(entry.path, copy, follow_symlinks=False)
    shutil.copystat(source, target)


class Place:
    """`launcher` starts programs; `ours`: what the environment of our program has beside that of git."""

    def __init__(self, program, folder, launcher=Launcher(), ours=None):
        self.program = str(program)
        self.folder = Path(folder)
        self.root = self.folder / "root"
        # Where .fluentsync with configuration and database is.
        self.state = self.root
        self.remote = self.folder / "remote.git"
        self.other = self.folder / "other"
        self.environment = environment(self.folder)
        self.launcher = launcher
        self.ours = {**self.environment, **(ours or {})}

    def copy_to(self, folder):
        copy_tree(str(self.folder), str(folder))
        copied = Place(self.program, folder, self.launcher)
        copied.ours = {**self.ours, **copied.environment}
        return copied

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    # What a person and the program do.

    def named(self, *words):
        """The program's words. A configuration that speaks of another folder than its own has to be named."""
        if self.state == self.root or words[0] == "init":
            return [self.program, *words]
        return [self.program, *words, "--config", str(self.state / ".fluentsync/config.json")]

    def run(self, *words, feed=b""):
        return self.launcher.run(self.named(*words), self.ours, feed)

    def must(self, *words, feed=b"", code=0):
        done = self.run(*words, feed=feed)
        if done.returncode != code:
            raise Unexpected(f"{' '.join(map(str, words))} gave {done.returncode}: "
                             f"{(done.stdout + done.stderr).decode(errors='replace').strip()}")
        return done.stdout

    def sync(self):
        self.must("sync", self.state)

    def put(self, name, content):
        kind, key = name.split("/", 1)
        self.must("put", self.state, kind, key, feed=content)

    def ask_git(self, folder, *words):
        return self.launcher.run(["git", "-C", str(folder), *words], self.environment)

    def git(self, folder, *words):
        done = self.ask_git(folder, *words)
        if done.returncode != 0:
            raise Unexpected(f"git {' '.join(words)}: {(done.stdout + done.stderr).decode(errors='replace').strip()}")
        return done.stdout.decode()

    def write(self, path, content, below=None):
        file = (below or self.root) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def configure(self, remote=True, git=True, **directory):
        """config.json with relative paths, so that the folder can be copied."""
        folder = os.path.relpath(self.root, self.state / ".fluentsync")
        config = {"store": {"path": "store.db"}, "directory": {"syncPath": folder, **directory}}
        if git:
            config["git"] = {"autoSync": True, "autoPush": remote}
            if remote:
                config["git"]["remote"] = "../../remote.git"
        self.write(".fluentsync/config.json", json.dumps(config).encode(), self.state)

    def change_git(self, **options):
        path = self.state / ".fluentsync/config.json"
        config = json.loads(path.read_text())
        config["git"].update(options)
        path.write_text(json.dumps(config))

    def make(self, remote=True, git=True):
        self.folder.mkdir(parents=True)
        if remote:
            self.git(".", "init", "-q", "--bare", "-b", "main", str(self.remote))
        self.must("init", self.state)
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
        path = self.state / ".fluentsync/store.db"
        if not path.exists():
            return []
        database = sqlite3.connect(path, timeout=10)
        try:
            database.execute("PRAGMA synchronous = OFF")
            rows = database.execute(statement).fetchall()
            database.commit()
            return rows
        finally:
            database.close()

    def files(self):
        """Every file of the person's: path to content. What libgit2 tries out is nobody's, see leftovers()."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            if Path(folder) == self.root:
                folders[:] = [name for name in folders if name not in (".git", ".fluentsync")]
            for name in names:
                if name.startswith(TRIAL):
                    continue
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

    def head(self, folder):
        """Ids of main's commit and of its tree; None where there is none."""
        done = self.ask_git(folder, "log", "-1", "--format=%H %T", "main", "--")
        return tuple(done.stdout.decode().split()) if done.returncode == 0 else None

    def reachable(self, repository):
        """Ids of every object in its history."""
        return {line.split(" ", 1)[0]
                for line in self.git(repository, "rev-list", "--objects", "--all").splitlines()}

    def at_hand(self):
        """Ids of every content that somebody can get at without git."""
        found = {blob_id(content) for content in self.files().values()}
        found.update(blob_id(content) for content in self.entities().values())
        for _, winner, loser in self.sql("SELECT path, winner_content, loser_content FROM conflicts"):
            found.update((blob_id(winner.encode()), blob_id(loser.encode())))
        rescued = self.root / ".fluentsync/rescued"
        if rescued.is_dir():
            found.update(blob_id(file.read_bytes()) for file in rescued.iterdir())
        return found

    def contents(self):
        """Ids of every content that somebody could still get at."""
        return self.at_hand().union(*map(self.reachable, self.repositories()))

    def missing(self, known):
        """What of it nobody could get at any more. Each repository is asked only for what lies nowhere else."""
        missing = known - self.at_hand()
        for repository in self.repositories():
            if missing:
                missing -= self.reachable(repository)
        return missing
