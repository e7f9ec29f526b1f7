"""The ways in which a call can be struck."""

import errno
from dataclasses import dataclass

from launch import PATIENCE
from shim_control import Action, Kind, Plan, Repeat


@dataclass(frozen=True)
class Strike:
    name: str
    action: Action
    kinds: Kind
    error: int = 0
    repeat: Repeat = Repeat.ONCE
    # Calls outside the place count as well: for what has no path, such as a new descriptor.
    everywhere: bool = False
    # No failure: a caller who knows the system's calls goes on as if nothing had been.
    harmless: bool = False
    # How long a run that ends by itself may take.
    patience: int = PATIENCE

    def plan(self, place, at, notes_sites):
        return Plan(self.action, self.kinds, at, self.error, self.repeat, self.below(place), notes_sites=notes_sites)

    def counting(self, place, notes_sites):
        return Plan(Action.COUNT, self.kinds, error=self.error, below=self.below(place), notes_sites=notes_sites)

    def below(self, place):
        return "" if self.everywhere else str(place.folder)


KILLS = [
    Strike("kill", Action.KILL, Kind.CHANGE),
    Strike("tear", Action.TEAR, Kind.WRITE),
]


def failing(number, kinds, what="", **more):
    """One call fails, or every call from one on."""
    name = errno.errorcode[number] + what
    return [Strike(f"{name} once", Action.FAIL, kinds, number, **more),
            Strike(f"{name} sticky", Action.FAIL, kinds, number, Repeat.STICKY, **more)]


FAULTS = [
    *failing(errno.ENOSPC, Kind.CHANGE),
    *failing(errno.EIO, Kind.CHANGE | Kind.READ | Kind.SYNC),
    *failing(errno.EACCES, Kind.CHANGE | Kind.OPEN),
    *failing(errno.EPERM, Kind.CHANGE),
    *failing(errno.EROFS, Kind.CHANGE),
    *failing(errno.EMFILE, Kind.NEW_FD, everywhere=True),
    *failing(errno.EIO, Kind.STAT, " of a look"),
    *failing(errno.EACCES, Kind.STAT, " of a look"),
    # Where no lock can be had, SQLite waits ten seconds before each read fails, and a run reads a dozen times.
    Strike("ENOLCK of a lock once", Action.FAIL, Kind.LOCK, errno.ENOLCK),
    Strike("ENOLCK of a lock sticky", Action.FAIL, Kind.LOCK, errno.ENOLCK, Repeat.STICKY, patience=4 * PATIENCE),
    # Whoever is interrupted tries again: with every call interrupted, nobody would ever come to an end.
    Strike("EINTR once", Action.FAIL, Kind.WRITE | Kind.READ, errno.EINTR),
    Strike("EINTR each first try", Action.FAIL, Kind.WRITE | Kind.READ, errno.EINTR, Repeat.ALTERNATE),
    Strike("short once", Action.SHORT, Kind.WRITE | Kind.READ, harmless=True),
    Strike("short sticky", Action.SHORT, Kind.WRITE | Kind.READ, repeat=Repeat.STICKY, harmless=True),
]

SETS = {"kills": [KILLS], "faults": [FAULTS], "both": [KILLS, FAULTS]}
