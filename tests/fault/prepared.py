"""A scenario made ready to be struck again and again."""

import collections
import errno
import shutil
import threading

import oracle
from live_run import run_to_rest
from place import PATIENCE, Place, Unexpected
from shim_control import Action, Kind, Plan, Shim

KILLED = -9


class Templates:
    """Places as scenarios prepare them, each made once for all scenarios that begin with it."""

    def __init__(self, program, folder, launcher):
        self.program = program
        self.folder = folder
        self.launcher = launcher
        self.lock = threading.Lock()
        self.locks = collections.defaultdict(threading.Lock)
        self.made = {}

    def copy_to(self, folder, scenario):
        prepare = scenario.prepare
        with self.lock:
            lock = self.locks[prepare]
        with lock:
            if prepare not in self.made:
                self.made[prepare] = self.make(scenario)
        place, known = self.made[prepare]
        return place.copy_to(folder), known

    def make(self, scenario):
        place = Place(self.program, self.folder / scenario.prepare.__name__, self.launcher, {"FAULT_NO_SYNC": "1"})
        scenario.prepare(place)
        shutil.rmtree(place.other, ignore_errors=True)
        if scenario.packs_first:
            for repository in place.repositories():
                place.git(repository, "repack", "-adq")
        return place, place.contents()


class Prepared:
    """A scenario's template, how it ends undisturbed, and how many calls there are to strike."""

    def __init__(self, scenario, strikes, templates, library, folder, notes_sites):
        folder.mkdir()
        self.scenario = scenario
        self.library = library
        self.template, self.known = templates.copy_to(folder / "template", scenario)
        if scenario.crash:
            self.crash(folder / "uncrashed")
        undisturbed = self.template.copy_to(folder / "undisturbed")
        self.run_undisturbed(Plan(), undisturbed)
        undisturbed.must(*scenario.recovery(undisturbed))
        self.end = oracle.End.of(undisturbed)
        self.after = undisturbed.contents()
        self.counts = {}
        # Of each call its place in the code, if they are noted.
        self.sites = {}
        by_plan = {}
        for strike in strikes:
            key = (strike.kinds, strike.everywhere, strike.error == errno.EINTR)
            if key not in by_plan:
                place = self.template.copy_to(folder / f"count-{len(by_plan)}")
                by_plan[key] = self.run_undisturbed(strike.counting(place, notes_sites), place)
            self.counts[strike] = by_plan[key].calls
            self.sites[strike] = by_plan[key].sites
            if by_plan[key].calls == 0:
                raise Unexpected(f"{scenario.name}: no call for '{strike.name}': the shim has no hold of the program")
        if scenario.may_do_nothing:
            undone = self.template.copy_to(folder / "undone")
            undone.sync()
            self.undone = oracle.End.of(undone)

    def run(self, shim, plan, place, patience):
        """Returns the ended process and the locks that had to grow old meanwhile."""
        scenario = self.scenario
        if scenario.lives_on:
            return run_to_rest(shim, plan, place)
        return shim.run(plan, scenario.command(place), place, scenario.feed, patience), []

    def crash(self, folder):
        """The template becomes what a kill left."""
        crash = self.scenario.crash
        place = self.template
        below = str(place.folder / crash.below)
        spare = place.copy_to(folder)
        shim = Shim(self.library, folder / "control")
        shim.run(Plan(Action.COUNT, Kind.CHANGE, below=str(folder / crash.below)), self.scenario.command(spare), spare)
        calls = shim.seen().calls
        if calls == 0:
            raise Unexpected(f"{self.scenario.name}: nothing changes below {crash.below}")
        plan = Plan(Action.KILL, Kind.CHANGE, max(1, round(calls * crash.part)), below=below)
        done = shim.run(plan, self.scenario.command(place), place)
        if done.returncode != KILLED:
            raise Unexpected(f"{self.scenario.name}: the first process was not killed: {done}")
        oracle.age_leftovers(place)

    def run_undisturbed(self, plan, place):
        """Returns what the shim saw."""
        shim = Shim(self.library, place.folder / "control")
        done, _ = self.run(shim, plan, place, PATIENCE)
        if done.returncode != 0:
            raise Unexpected(f"{self.scenario.name}, undisturbed: {done.stderr.decode()}")
        return shim.seen()
