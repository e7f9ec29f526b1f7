"""What must hold after a kill or a fault, whenever it struck."""

import contextlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from place import TRIAL, Unexpected, blob_id


@dataclass
class End:
    """Where a place ends when nobody disturbs it."""

    entities: dict
    files: dict
    tree: str
    conflicts: list
    # Main's commit and tree; the commit is another one each time.
    head: tuple

    @staticmethod
    def of(place):
        head = place.head(place.root) if (place.root / ".git").exists() else None
        return End(place.entities(), place.files(), head[1] if head else "", place.conflicts(), head)


def check_whole(place, known):
    """Each file holds one complete content, at every moment."""
    for path, content in place.files().items():
        if blob_id(content) not in known:
            raise Unexpected(f"{path} holds what nobody wrote: {content[:80]!r}")


def check_database(place):
    answer = place.sql("PRAGMA integrity_check")
    if answer != [("ok",)]:
        raise Unexpected(f"the database is damaged: {answer}")


def check_repositories(place):
    for folder in place.repositories():
        # Each of these two would have fsck start another git, to look at files that nobody here writes.
        place.git(folder, "-c", "core.commitGraph=false", "-c", "core.multiPackIndex=false", "fsck", "--strict",
                  "--no-dangling", "--no-progress")


def check_nothing_lost(place, known):
    lost = place.missing(known)
    if lost:
        raise Unexpected(f"lost: {sorted(lost)}")


def leftovers(place):
    """Temporaries and locks that nobody will take away."""
    found = [str(path) for path in [*(place.root / ".fluentsync/tmp").glob("*"), *place.root.glob(f"{TRIAL}*")]]
    for folder in (place.root / ".git", place.remote):
        for parent, folders, names in os.walk(folder):
            for name in names + folders:
                if name.endswith(".lock") or "_git2_" in name or name.startswith(("tmp_", "fluentsync_part_")):
                    found.append(str(Path(parent) / name))
        for pack in folder.glob("objects/pack/*.pack"):
            if not pack.with_suffix(".idx").exists():
                found.append(str(pack))
    return sorted(os.path.relpath(path, place.folder) for path in found)


def check_no_trials(place):
    for path in place.root.glob(f"{TRIAL}*"):
        raise Unexpected(f"{path.name} was left in the folder")


def check_converged(place, end):
    place.must("verify", place.state)
    now = End.of(place)
    for what in ("entities", "files", "tree", "conflicts"):
        if getattr(now, what) != getattr(end, what):
            raise Unexpected(f"{what}: {difference(getattr(now, what), getattr(end, what))}")
    if place.remote.exists() and place.head(place.remote) != now.head:
        raise Unexpected("the remote is not where the folder is")


def difference(now, wanted):
    if not isinstance(now, dict):
        return f"{now!r} instead of {wanted!r}"
    return "; ".join(f"{key}: {now.get(key)!r} instead of {wanted.get(key)!r}"
                     for key in sorted(now.keys() | wanted.keys()) if now.get(key) != wanted.get(key))


def age_leftovers(place):
    """Makes as if the hour had passed after which what a dead process left in git may be taken away."""
    long_ago = time.time() - 2 * 3600
    left = [path for path in leftovers(place) if ".git/" in path]
    for path in left:
        with contextlib.suppress(FileNotFoundError):  # A program that runs may have taken it away by itself.
            os.utime(place.folder / path, (long_ago, long_ago))
    return left


def recover(place, words):
    """Starts again, as a person would. Returns the locks that had to grow old before it could go on."""
    first = place.run(*words)
    if first.returncode == 0:
        return []
    aged = [path for path in age_leftovers(place) if path.endswith(".lock")]
    if not aged:
        raise Unexpected(f"the next {words[0]} gave {first.returncode}: "
                         f"{(first.stdout + first.stderr).decode(errors='replace').strip()}")
    place.must(*words)
    return aged


def check_next_commit(place):
    """Nothing stands in the way of what comes next, and nothing is left by then."""
    age_leftovers(place)
    place.put("note/afterwards", b"the next commit\n")
    place.sync()
    held = json.loads(place.must("verify", place.state, "--json"))["held"]
    if held:
        raise Unexpected(f"still held: {held}")
    if place.remote.exists() and place.head(place.remote) != place.head(place.root):
        raise Unexpected("the next commit was not pushed")
    left = leftovers(place)
    if left:
        raise Unexpected(f"left behind: {left}")
