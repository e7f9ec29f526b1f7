"""A scenario made ready to be struck again and again."""

import shutil

import oracle
from live_run import run_to_rest
from place import PATIENCE, Place, Unexpected
from shim_control import Action, Kind, Plan, Shim

KILLED = -9


class Prepared:
    """A scenario's template, how it ends undisturbed, and how many calls there are to strike."""

    def __init__(self, scenario, strikes, program, library, folder, launcher):
        self.scenario = scenario
        self.library = library
        self.template = Place(program, folder / "template", launcher, {"FAULT_NO_SYNC": "1"})
        scenario.prepare(self.template)
        shutil.rmtree(self.template.other, ignore_errors=True)
        if scenario.packs_first:
            for repository in self.template.repositories():
                self.template.git(repository, "repack", "-adq")
        self.known = self.template.contents()
        if scenario.crash:
            self.crash(folder / "uncrashed")
        self.counts = {}
        by_plan = {}
        for strike in strikes:
            key = (strike.kinds, strike.everywhere)
            if key not in by_plan:
                by_plan[key] = self.count(strike, folder / f"count-{len(by_plan)}")
            self.counts[strike] = by_plan[key]
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

    def finish(self, place):
        place.must(*self.scenario.recovery(place))

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

    def count(self, strike, folder):
        place = self.template.copy_to(folder)
        shim = Shim(self.library, folder / "control")
        done, _ = self.run(shim, strike.counting(place), place, PATIENCE)
        if done.returncode != 0:
            raise Unexpected(f"{self.scenario.name}, undisturbed: {done.stderr.decode()}")
        calls = shim.seen().calls
        self.finish(place)
        self.end = oracle.End.of(place)
        self.after = place.contents()
        return calls
