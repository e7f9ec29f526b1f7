#!/usr/bin/env python3
"""Notes from a shell, in step with a folder of plain files and with everybody who shares the remote.

usage: notes.py FOLDER [--remote URL] add TITLE [TEXT]   writes a note, and has it pushed when it returns
       notes.py FOLDER [--remote URL] list               what there is, newest first
       notes.py FOLDER [--remote URL] watch              keeps all in step and prints what happens, until Ctrl-C
"""

import argparse
import asyncio
import getpass
import json
import re
import sys

import fluentsync
from fluentsync import Credentials, EventKind


def options(arguments):
    """A plain dict, as it could also stand in a JSON file. What is left out has its default."""
    return {
        "store": {"path": arguments.folder + ".db"},
        "directory": {"syncPath": arguments.folder},
        "git": {
            "remote": arguments.remote,
            "autoSync": True,
            "autoPush": True,
            "syncInterval": 60,
            "commitMessage": "Notes: {files}",
        },
    }


def ask(request):
    """A remote that wants a password gets it from here; FluentSync stores it nowhere."""
    if request.attempt > 1 or not sys.stdin.isatty():
        return None  # Given up: the call that needed it fails, what is local goes on.
    return Credentials(request.username or input("User name: "), getpass.getpass(f"Password for {request.url}: "))


def add(notes, title, text):
    name = re.sub(r"\W+", "-", title.lower()).strip("-")
    # A new note only: what is there under this name stays (expected version 0), and we get an error.
    notes.store.put("note", name, f"---\ntitle: {json.dumps(title)}\n---\n\n{text}\n", expected_version=0)
    # In the database it is safe already; file, commit and push would follow while `watch` runs. Do it now:
    notes.sync()
    print(f"note/{name}.md")


def show(notes):
    for note in notes.store.list({"type": "note", "sortBy": "updated", "descending": True}):
        print(note.id, "-", note.metadata.get("title", "untitled"))


async def watch(notes):
    # The queue first, so that nothing is missed. It is polled through a descriptor: no thread of ours waits.
    with notes.events() as events:
        notes.start()
        async for event in events:
            if event.kind in (EventKind.ENTITY_CREATED, EventKind.ENTITY_UPDATED, EventKind.ENTITY_DELETED):
                print(f"{event.name} {event.type}/{event.id} (by {event.origin})", flush=True)
            elif event.kind == EventKind.CONFLICT_DETECTED:
                print(f"conflict {event.number} in {event.path}: both versions are kept", flush=True)
            elif event.kind in (EventKind.DELETION_HELD, EventKind.ERROR):
                print(f"{event.name}: {event.message}", flush=True)
            # Other kinds, also those of a newer library, are none of our business.


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--remote", default="")
    commands = parser.add_subparsers(dest="command", required=True)
    adding = commands.add_parser("add")
    adding.add_argument("title")
    adding.add_argument("text", nargs="?", default="")
    commands.add_parser("list")
    commands.add_parser("watch")
    arguments = parser.parse_args()
    try:
        with fluentsync.Workspace(options(arguments), credentials=ask) as notes:
            if arguments.command == "add":
                add(notes, arguments.title, arguments.text)
            elif arguments.command == "list":
                show(notes)
            else:
                asyncio.run(watch(notes))
    except fluentsync.FluentSyncError as error:
        sys.exit(f"notes: {error}")  # One line: what failed, on what, what to do.
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
