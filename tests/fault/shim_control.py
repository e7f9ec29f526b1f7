"""Runs the program under the shim: see shim/control.h, whose layout this file repeats."""

import enum
import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from launch import PATIENCE

LAYOUT = struct.Struct("<IIIIQQQIiII512s512s4096sQ")
MOST_SITES = 1 << 17


class Action(enum.IntEnum):
    COUNT = 0
    KILL = 1
    TEAR = 2
    FAIL = 3
    SHORT = 4


class Repeat(enum.IntEnum):
    ONCE = 0
    STICKY = 1
    ALTERNATE = 2


class Kind(enum.IntFlag):
    CHANGE = 1
    WRITE = 2
    OPEN = 4
    READ = 8
    WATCH_ADD = 16
    SYNC = 32
    NEW_FD = 64
    STAT = 128
    LOCK = 256


@dataclass
class Plan:
    """What happens to which call."""

    action: Action = Action.COUNT
    kinds: Kind = Kind.CHANGE
    at: int = 0
    error: int = 0
    repeat: Repeat = Repeat.ONCE
    below: str = ""
    clock_offset: int = 0
    # Syncs are passed on to the disk.
    durable: bool = False
    # Where in the code each call was made is noted.
    notes_sites: bool = False

    def packed(self):
        return LAYOUT.pack(self.action, self.error, self.kinds, self.repeat, self.at, 0, 0, 0, self.clock_offset,
                           not self.durable, self.notes_sites, b"", os.fsencode(self.below), b"", 0)


@dataclass
class Seen:
    """What the shim counted, and what it struck first."""

    calls: int
    strikes: int
    struck: str
    by_call: dict
    struck_site: int
    # Of each call, as far as there was room.
    sites: tuple

    @staticmethod
    def unpacked(data):
        fields = LAYOUT.unpack(data[:LAYOUT.size])
        by_call = {number: count for number, count in enumerate(struct.unpack("<512Q", fields[13])) if count}
        struck = f"{call_name(fields[7])} {os.fsdecode(fields[11].split(bytes(1))[0])}" if fields[6] else ""
        sites = struct.unpack(f"<{min(fields[5], MOST_SITES)}Q", data[LAYOUT.size:][:8 * fields[5]]) if fields[10] else ()
        return Seen(fields[5], fields[6], struck, by_call, fields[14], sites)


def call_names():
    """Names of the calls that the shim knows, by number."""
    names = {}
    for folder in ("/usr/include/x86_64-linux-gnu/asm", "/usr/include/asm"):
        header = Path(folder) / "unistd_64.h"
        if not header.exists():
            continue
        for line in header.read_text().splitlines():
            words = line.split()
            if len(words) == 3 and words[1].startswith("__NR_") and words[2].isdigit():
                names[int(words[2])] = words[1][len("__NR_"):]
    return names


NAMES = call_names()


def call_name(number):
    return NAMES.get(number, f"call {number}")


class Shim:
    """One control file; one program at a time."""

    def __init__(self, library, control):
        self.library = str(library)
        self.control = Path(control)
        self.before_change = None

    def arm(self, plan):
        """For a program that is about to be started."""
        self.control.write_bytes(plan.packed())
        if plan.notes_sites:
            os.truncate(self.control, LAYOUT.size + 8 * MOST_SITES)

    def change(self, plan):
        """For a program that runs: counts anew from here."""
        self.before_change = self.seen()
        with open(self.control, "r+b") as file, mmap.mmap(file.fileno(), LAYOUT.size) as shared:
            shared[:4] = struct.pack("<I", Action.COUNT)
            packed = plan.packed()
            shared[4:LAYOUT.size] = packed[4:]
            shared[:4] = packed[:4]

    def first_strike(self):
        """What was seen of it."""
        return self.before_change if self.before_change and self.before_change.strikes else self.seen()

    def seen(self):
        return Seen.unpacked(self.control.read_bytes())

    def environment(self, environment):
        return {**environment, "LD_PRELOAD": self.library, "FAULT_CONTROL": str(self.control)}

    def run(self, plan, words, place, feed=b"", patience=PATIENCE):
        self.arm(plan)
        return place.launcher.run(words, self.environment(place.environment), feed, patience)
