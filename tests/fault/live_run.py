"""`fluentsync run` under the shim: its events, and a run that ends once everything is at rest."""

import json
import queue
import signal
import subprocess
import threading
import time

import oracle
from launch import PATIENCE, Stopwatch
from place import Unexpected
from shim_control import Action, Plan, Repeat

TROUBLE = {"error", "file:held", "git:push-failed", "git:pull-failed", "git:standing-back", "watch:degraded",
           "root:lost"}
# Nothing new was told for this long: worth a look whether all is done.
QUIET_SECONDS = 0.05
# Beyond the first pauses of what is tried again; then only a lock of git's can be in the way.
SECONDS_OF_RETRIES = 5


class Running:
    """`fluentsync run ROOT --json`, under the shim if there is one."""

    def __init__(self, place, shim=None):
        given = shim.environment(place.environment) if shim else place.environment
        self.process = subprocess.Popen(place.named("run", str(place.state), "--json"), stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=given)
        self.events = []
        self.fresh = queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            event = json.loads(line)
            self.events.append(event)
            self.fresh.put(event)
        self.fresh.put(None)

    def wait_for(self, wanted, what):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                event = self.fresh.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"never: {what}; {self.events}") from None
            if event is None:
                raise AssertionError(f"run ended before: {what}; {self.events} {self.process.stderr.read()!r}")
            if wanted(event):
                return event

    def new_events(self):
        """Those of the next moment, until it gets quiet."""
        found = []
        try:
            while True:
                event = self.fresh.get(timeout=QUIET_SECONDS)
                if event is None:
                    return found
                found.append(event)
        except queue.Empty:
            return found

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()


def is_at_rest(place):
    return place.head(place.remote) == place.head(place.root) and place.run("verify", place.state).returncode == 0


def run_to_rest(shim, plan, place):
    """Runs until everything is at rest, or the program has ended. A fault that stays is over as soon as it is told;
    one that struck once has to be got over without help. Returns the ended process and the locks that had to grow
    old."""
    shim.arm(plan)
    running = Running(place, shim)
    stays = plan.action == Action.FAIL and plan.repeat == Repeat.STICKY
    spent = Stopwatch()
    aged = []
    try:
        while running.process.poll() is None:
            told = [event for event in running.new_events() if event["event"] in TROUBLE]
            if stays and told:
                shim.change(Plan())
                stays = False
            if is_at_rest(place):
                running.process.send_signal(signal.SIGTERM)
                break
            if not aged and spent.seconds() > SECONDS_OF_RETRIES:
                aged = oracle.age_leftovers(place)
            if spent.seconds() > PATIENCE:
                raise Unexpected(f"it never came to rest: {running.events}")
        code = running.process.wait(timeout=PATIENCE)
        return subprocess.CompletedProcess(running.process.args, code, b"", running.process.stderr.read()), aged
    finally:
        running.end()
