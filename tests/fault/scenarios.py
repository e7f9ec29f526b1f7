"""What the program is in the middle of when it is struck.

Each scenario prepares a place and names the program's words. Whatever is replaced while it prepares is committed
first, so that each content there ever was can be asked for afterwards."""

import os
import shutil
from dataclasses import dataclass
from typing import Callable

from place import Place

BODY = "".join(f"Line {number} of a note that several people edit.\n" for number in range(1, 13))


def note(title, body=BODY):
    return f"---\ntitle: {title}\ntags: [a, b]\n---\n# {title}\n\n{body}".encode()


@dataclass
class Crash:
    """An earlier process was killed at this part of its changing calls below a path of the place."""

    below: str
    part: float


@dataclass
class Scenario:
    name: str
    prepare: Callable
    words: tuple = ("sync", "ROOT")
    feed: bytes = b""
    # The program has to say yes to something, so that doing nothing is as good: its word was not given yet.
    may_do_nothing: bool = False
    crash: Crash = None
    # Fewer files to copy for each strike; not where loose objects are the point.
    packs_first: bool = True

    def command(self, place):
        known = {"ROOT": str(place.root), "REMOTE": str(place.remote)}
        return [place.program, *[known.get(word, word) for word in self.words]]

    def recovery(self, place):
        """The words that a person would say next."""
        return self.command(place)[1:] if self.words[0] == "init" else ("sync", place.root)

    @property
    def lives_on(self):
        """The program goes on until it is told to end, and gets over a fault by itself."""
        return self.words[0] == "run"


NAMES = ("note/alpha", "note/beta", "note/deep/gamma", "guide/öffentlich", "guide/delta")


def filled(place: Place, remote=True):
    """Five notes that store, folder, commit and remote agree on."""
    place.make(remote)
    for name in NAMES:
        place.write(f"{name}.md", note(name))
    place.write("assets/style.css", b"body { margin: 0 }\n")
    place.sync()


def shared(place: Place):
    filled(place)
    place.clone()


def edited(name, line, text):
    lines = note(name).decode().splitlines(keepends=True)
    lines[line] = text + "\n"
    return "".join(lines).encode()


def first_export(place):
    place.make()
    for name in NAMES:
        place.put(name, note(name))


def batch_export(place):
    """Enough for one pack instead of loose objects, and for a syncfs instead of single fsyncs."""
    place.make()
    place.sync()
    for number in range(60):
        place.sql(f"INSERT INTO entities(type, id, content) VALUES('many', '{number}', 'note {number}\n')")


def import_files(place):
    filled(place)
    place.write("note/beta.md", note("beta", "changed by an editor\n"))
    place.write("note/new/one.md", note("one"))
    place.write("guide/two.md", note("two"))
    place.write("assets/logo.svg", b"<svg/>\n")


def delete(place):
    filled(place)
    (place.root / "note/beta.md").unlink()
    place.must("rm", place.root, "guide", "delta")


def rename(place):
    filled(place)
    os.rename(place.root / "note/deep", place.root / "note/deeper")
    os.rename(place.root / "note/alpha.md", place.root / "note/Alpha.md")
    os.rename(place.root / "guide/delta.md", place.root / "note/delta.md")


def commit(place):
    """Store and files agree; only git does not know yet."""
    filled(place, remote=False)
    place.configure(remote=False, git=False)
    place.put("note/alpha", note("alpha", "changed\n"))
    place.write("note/beta.md", note("beta", "changed by an editor\n"))
    place.sync()
    place.configure(remote=False)


def pull_fast_forward(place):
    shared(place)
    place.write("note/alpha.md", edited("note/alpha", 6, "theirs"), place.other)
    place.write("note/theirs.md", note("theirs"), place.other)
    (place.other / "note/beta.md").unlink()
    os.rename(place.other / "guide/delta.md", place.other / "note/moved.md")
    place.others_push()


def pull_with_merge(place):
    shared(place)
    place.write("note/alpha.md", edited("note/alpha", 6, "theirs"), place.other)
    place.write("note/theirs.md", note("theirs"), place.other)
    place.others_push()
    place.write("note/alpha.md", edited("note/alpha", 15, "ours"))
    place.put("guide/delta", note("delta", "ours, by the store\n"))


def push(place):
    filled(place)
    place.configure(remote=False)
    place.put("note/alpha", note("alpha", "to be pushed\n"))
    place.put("note/more", note("more"))
    place.sync()
    place.configure()


def conflict(place):
    """One between the store and a file, one with the remote, an edit against a deletion."""
    shared(place)
    place.write("note/alpha.md", edited("note/alpha", 6, "theirs"), place.other)
    place.write("guide/delta.md", edited("guide/delta", 6, "theirs, of what is deleted here"), place.other)
    place.others_push()
    place.write("note/alpha.md", edited("note/alpha", 6, "ours"))
    place.put("note/beta", edited("note/beta", 6, "by the store"))
    place.write("note/beta.md", edited("note/beta", 6, "by an editor"))
    place.must("rm", place.root, "guide", "delta")


def many_loose_objects(place):
    """Loose objects of our own making are packed from two thousand on."""
    filled(place, remote=False)
    for number in range(2000):
        place.write(f"loose/{number % 20}/{number}.txt", b"%d\n" % number, place.folder / "source")
    for folder in range(20):
        place.git(place.root, "-c", "core.fsync=none", "hash-object", "-w", "--no-filters",
                  *[f"{place.folder}/source/loose/{folder}/{number}.txt" for number in range(folder, 2000, 20)])
    shutil.rmtree(place.folder / "source")
    place.sql("INSERT OR REPLACE INTO named_values(name, value) VALUES('loose_objects', '2000')")
    place.put("note/alpha", note("alpha", "the commit after which it packs\n"))


def put(place):
    filled(place)


def resolve(place):
    conflict(place)
    place.sync()


def first_init(place):
    """Files of a person's, met for the first time."""
    place.folder.mkdir(parents=True)
    place.git(".", "init", "-q", "--bare", "-b", "main", str(place.remote))
    for name in NAMES:
        place.write(f"{name}.md", note(name))


def both_sides(place):
    """Something for each of the hops of a process that goes on."""
    pull_with_merge(place)
    place.configure(**{"syncDebounce": 20})
    place.change_git(commitDebounce=40, syncInterval=3600_000)


SCENARIOS = [
    Scenario("first export", first_export),
    Scenario("batch export", batch_export),
    Scenario("import", import_files),
    Scenario("delete", delete),
    Scenario("rename", rename),
    Scenario("commit", commit),
    Scenario("pull fast-forward", pull_fast_forward),
    Scenario("pull with merge", pull_with_merge),
    Scenario("push", push),
    Scenario("conflict", conflict),
    Scenario("pack loose objects", many_loose_objects, packs_first=False),
    Scenario("put", put, ("put", "ROOT", "note", "alpha"), note("alpha", "put\n"), may_do_nothing=True),
    Scenario("set", put, ("set", "ROOT", "note", "alpha", "title", "Another"), may_do_nothing=True),
    Scenario("rm", put, ("rm", "ROOT", "note", "alpha"), may_do_nothing=True),
    Scenario("resolve", resolve, ("resolve", "ROOT", "1", "--take", "loser"), may_do_nothing=True),
    Scenario("init", first_init, ("init", "ROOT", "--remote", "REMOTE")),
    Scenario("run", both_sides, ("run", "ROOT", "--json")),
    # Restart after a crash: what an earlier kill left is worked off, and that is struck as well.
    *[Scenario(f"restart mid {name}", prepare, crash=Crash(below, part),
               packs_first=prepare is not many_loose_objects) for name, prepare, below, part in (
        ("first export", first_export, "root/.fluentsync/tmp", 0.5),
        ("batch export", batch_export, "root/many", 0.5),
        ("import", import_files, "root/.fluentsync/store.db", 0.5),
        ("delete", delete, "root/.fluentsync/store.db", 0.5),
        ("rename", rename, "root/.git/objects", 0.5),
        ("commit", commit, "root/.git/objects", 0.5),
        ("commit, before its reference", commit, "root/.git/refs", 1.0),
        ("pull", pull_with_merge, "root/note", 0.5),
        ("pull, before its reference", pull_with_merge, "root/.git/refs/heads", 1.0),
        ("fetch", pull_fast_forward, "root/.git/objects", 0.5),
        ("fetch, a pack without its index", pull_fast_forward, "root/.git/objects/pack", 0.5),
        ("fetch, before its reference", pull_fast_forward, "root/.git/refs/remotes", 0.5),
        ("push", push, "remote.git", 0.5),
        ("conflict", conflict, "root/.fluentsync/store.db", 0.7),
        ("pack", many_loose_objects, "root/.git/objects", 0.5))],
]
