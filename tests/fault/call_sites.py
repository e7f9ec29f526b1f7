"""The places in the code that make calls, each told by the stack of calls that led there."""

import collections
import ctypes
import random
import threading
from dataclasses import dataclass

from strikes import Strike

# Threads take turns as they like: call number N of a run need not be the one that was counted.
TRIES = 3
ADDR_NO_RANDOMIZE = 0x0040000  # <sys/personality.h>


def keep_addresses():
    """Programs that are started from now on lie at the same addresses each time, or stacks could not be compared."""
    libc = ctypes.CDLL(None, use_errno=True)
    now = libc.personality(0xFFFFFFFF)
    if now < 0 or libc.personality(now | ADDR_NO_RANDOMIZE) < 0:
        raise OSError(ctypes.get_errno(), "cannot switch off the randomisation of addresses")


@dataclass(frozen=True)
class CallSite:
    strike: Strike
    stack: int


class CallSites:
    """Which there are, by scenario and number of the call, and which have been struck."""

    def __init__(self):
        self.calls = collections.defaultdict(list)
        self.struck = set()
        self.lock = threading.Lock()
        self.random = random.Random(0)

    def learn(self, prepared, seed):
        self.random.seed(seed)
        for one in prepared:
            for strike, stacks in one.sites.items():
                for number, stack in enumerate(stacks, 1):
                    self.calls[CallSite(strike, stack)].append((one, number))

    def in_turn(self, part, parts):
        """Those of one of so many parts, which all runs of one program divide alike."""
        sites = [site for site in self.calls if site.stack % parts == part - 1]
        self.random.shuffle(sites)
        return sites

    def points(self, site):
        with self.lock:
            return self.random.sample(self.calls[site], min(TRIES, len(self.calls[site])))

    def is_struck(self, site):
        return site in self.struck

    def note(self, strike, stack):
        if stack:
            self.struck.add(CallSite(strike, stack))

    def __str__(self):
        known = self.struck & self.calls.keys()
        return f"{len(known)} of {len(self.calls)} places in the code, and {len(self.struck) - len(known)} others"
