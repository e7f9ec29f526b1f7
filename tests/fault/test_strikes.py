"""Strikes the program at each of its system calls: kills it there, or lets the call fail. Then the fault is over, the
program starts again, and nothing may be missing, torn, locked or left behind.

A point is a scenario, a strike and the number of the call. --seed shuffles them, one of each scenario and strike in
turn; tried are all of them, or the first N kills and N faults, or as many as --seconds allow. With --sites, instead,
each place in the code is struck once, however often and in how many scenarios it calls.

usage: test_strikes.py PROGRAM SHIM kills|faults|both [--all | --sites | --points N | --seconds N] [--seed N]
           [--scenario NAME] [--strike NAME] [--at N] [--part K/N] [--folder FOLDER] [--keep-going]"""

import argparse
import collections
import concurrent.futures
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import oracle
from call_sites import CallSites, keep_addresses
from launch import ForkingLauncher
from place import Unexpected
from prepared import KILLED, Prepared, Templates
from scenarios import SCENARIOS
from shim_control import Shim
from strikes import KILLS, SETS

EXIT_CODES = range(8)
# Some runs wait, for a file that vanished to be missing twice.
STRIKES_AT_A_TIME = 2 * os.cpu_count()


def ends_libuv(done, struck):
    """libuv makes the process's pipe for signals with its first loop, and aborts where it cannot. The library looks
    before whether there can be a pipe; this fault falls between the two. The host ends as by a kill."""
    return done.returncode == -signal.SIGABRT and struck.struck.startswith("pipe2 ") and not done.stderr


def check_end(strike, done):
    """The program ended by itself, and with a line for the person who reads it."""
    if strike.harmless and done.returncode != 0:
        raise Unexpected(f"it ended with {done.returncode} over what is no failure")
    if done.returncode not in EXIT_CODES and (done.returncode != KILLED or strike not in KILLS):
        raise Unexpected(f"it ended with {done.returncode}")
    for line in done.stderr.decode().splitlines():
        if not line.startswith("fluentsync: "):
            raise Unexpected(f"no error line of ours: {line}")
    if done.returncode > 0 and not done.stderr:
        raise Unexpected(f"it gave {done.returncode} and no reason")


class Campaign:
    def __init__(self, options):
        self.options = options
        self.library = Path(options.shim).resolve()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{options.set}-", dir=Path(options.folder).resolve()))
        self.home = self.folder / "home"
        self.home.mkdir()
        (self.home / ".gitconfig").touch()
        self.launcher = ForkingLauncher(self.library, self.home)
        self.templates = Templates(Path(options.program).resolve(), self.folder / "templates", self.launcher)
        self.templates.folder.mkdir()
        self.remover = concurrent.futures.ThreadPoolExecutor(1)
        self.lock = threading.Lock()
        self.tried = collections.Counter()
        self.not_reached = 0
        self.aged = 0
        self.ended_by_libuv = 0
        self.problems = []
        self.sites = CallSites()

    def prepare(self, scenario):
        strikes = [one for strikes in SETS[self.options.set] for one in strikes
                   if self.options.strike in (None, one.name)]
        return Prepared(scenario, strikes, self.templates, self.library, self.folder / scenario.name.replace(" ", "-"),
                        self.options.sites)

    def strike(self, prepared, strike, at):
        """Returns the words for what went wrong, or None."""
        scenario = prepared.scenario
        folder = self.folder / f"{scenario.name}-{strike.name}-{at}".replace(" ", "-")
        place = prepared.template.copy_to(folder)
        shim = Shim(self.library, folder / "control")
        said = b""
        try:
            done, aged = prepared.run(shim, strike.plan(place, at, self.options.sites), place, strike.patience)
            said = done.stderr
            struck = shim.first_strike()
            self.not_reached += 0 if struck.strikes else 1
            self.sites.note(strike, struck.struck_site)
            if ends_libuv(done, struck):
                self.ended_by_libuv += 1
            else:
                check_end(strike, done)
            self.check(prepared, strike, place, done, aged, at)
        except (Unexpected, OSError, subprocess.TimeoutExpired) as problem:
            return (f'--scenario "{scenario.name}" --strike "{strike.name}" --at {at}\n    {shim.first_strike().struck}\n'
                    f"    {said.decode(errors='replace').strip()}\n    {problem}\n    in {folder}")
        self.remover.submit(place.remove)
        return None

    def check(self, prepared, strike, place, done, aged, at):
        scenario = prepared.scenario
        if (self.home / ".gitconfig").stat().st_size > 0:
            raise Unexpected("the person's own configuration of git was written to")
        oracle.check_whole(place, prepared.known | prepared.after)
        if done.returncode == 0 and not scenario.lives_on:
            place.must(*scenario.recovery(place))  # It said that all is done: nothing is left to recover from.
        aged += oracle.recover(place, scenario.recovery(place))
        self.aged += 1 if aged else 0
        oracle.check_database(place)
        oracle.check_repositories(place)
        oracle.check_nothing_lost(place, prepared.known)
        if strike in KILLS:
            oracle.check_no_trials(place)
        undone = (scenario.may_do_nothing and done.returncode != 0 and
                  place.entities() == prepared.undone.entities)
        oracle.check_converged(place, prepared.undone if undone else prepared.end)
        if aged or at % 4 == 0 or oracle.leftovers(place):
            oracle.check_next_commit(place)

    def points(self, prepared, strikes):
        """Shuffled, and one of each scenario and strike in turn, so that the long ones leave room for the others."""
        shuffle = random.Random(self.options.seed)
        turns = []
        for one in prepared:
            for strike in (strike for strike in strikes if strike in one.counts):
                numbers = [self.options.at] if self.options.at else list(range(1, one.counts[strike] + 1))
                shuffle.shuffle(numbers)
                turns += [(turn, shuffle.random(), (one, strike, at)) for turn, at in enumerate(numbers)]
        turns.sort(key=lambda turn: turn[:2])
        return [point for _, _, point in turns][:self.options.points]

    def run(self):
        wanted = [one for one in SCENARIOS if not self.options.scenario or one.name in self.options.scenario]
        with concurrent.futures.ThreadPoolExecutor(STRIKES_AT_A_TIME) as pool:
            prepared = list(pool.map(self.prepare, wanted))
            count = sum(sum(one.counts.values()) for one in prepared)
            no_end = self.options.all or self.options.points or self.options.at
            end = float("inf") if no_end else time.monotonic() + self.options.seconds
            if self.options.sites:
                self.sites.learn(prepared, self.options.seed)
                print(f"seed {self.options.seed}, {self.sites} among {count} points", flush=True)
                list(pool.map(lambda site: self.try_site(site, end), self.sites.in_turn(*self.options.part)))
            else:
                points = [point for strikes in SETS[self.options.set] for point in self.points(prepared, strikes)]
                print(f"seed {self.options.seed}, {len(points)} of {count} points", flush=True)
                list(pool.map(lambda point: self.try_point(point, end), points))
        self.report(prepared, count)

    def try_site(self, site, end):
        for prepared, at in self.sites.points(site):
            if not self.sites.is_struck(site):
                self.try_point((prepared, site.strike, at), end)

    def try_point(self, point, end):
        if time.monotonic() > end or (self.problems and not self.options.keep_going):
            return
        problem = self.strike(*point)
        with self.lock:
            self.tried[point[0], point[1]] += 1
            tried = sum(self.tried.values())
        if tried % 500 == 0:
            print(f"{tried} tried, {len(self.problems)} failed", flush=True)
        if problem:
            self.problems.append(problem)
            print(f"FAILED {problem}", flush=True)

    def report(self, prepared, count):
        for one in prepared:
            tried = sum(number for (scenario, _), number in self.tried.items() if scenario is one)
            print(f"{one.scenario.name:38} {tried:6} of {sum(one.counts.values()):6} points")
        for strike in prepared[0].counts:
            tried = sum(number for (_, other), number in self.tried.items() if other is strike)
            print(f"{strike.name:38} {tried:6} of {sum(one.counts[strike] for one in prepared):6} points")
        if self.options.sites:
            print(f"struck: {self.sites}")
        print(f"total: {sum(self.tried.values())} of {count} points, {len(self.problems)} failed; "
              f"{self.not_reached} not reached by their run, {self.aged} waited for a lock to grow old, "
              f"{self.ended_by_libuv} ended by libuv")


def part_of(words):
    part, parts = (int(word) for word in words.split("/"))
    if not 1 <= part <= parts:
        raise ValueError(words)
    return part, parts


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("shim")
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--all", action="store_true", help="every point, however long it takes")
    parser.add_argument("--sites", action="store_true", help="each place in the code, for as long as --seconds allow")
    parser.add_argument("--part", type=part_of, default=(1, 1), metavar="K/N",
                        help="with --sites: the Kth part of N, for a campaign in several runs of the same program")
    parser.add_argument("--points", type=int)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--scenario", action="append")
    parser.add_argument("--strike")
    parser.add_argument("--at", type=int)
    parser.add_argument("--folder", default=".")
    parser.add_argument("--keep-going", action="store_true")
    options = parser.parse_args()
    if options.part != (1, 1) and not options.sites:
        parser.error("--part is for --sites")
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    return options


def main():
    options = arguments()
    if options.sites:
        keep_addresses()
    campaign = Campaign(options)
    campaign.run()
    campaign.remover.shutdown()
    campaign.launcher.close()
    if campaign.problems:
        sys.exit(1)
    shutil.rmtree(campaign.folder)


if __name__ == "__main__":
    main()
