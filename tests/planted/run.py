#!/usr/bin/env python3
"""Plants one bug after the other in a copy of the library, and looks whether the test that guards the promise fails.

usage: run.py [--jobs N] [--time-limit SECONDS] [NAME...]     NAME: a patch of this folder; without any: all

The copy and its build are in build/planted and stay there, so that the next run builds little; ccache is used where it
is. Each test must pass first as the tree is. Then each patch is applied, its test program built and run, and the patch
taken back. A test that fails has caught it; a build that fails, a crash or the time limit has not (unless the patch says
that hanging is its sign). Prints a table, and exits 1 when any is not caught.
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import patches

PLACE = patches.ROOT / "build" / "planted"
TREE = PLACE / "tree"
BUILD = PLACE / "build"
LOG = PLACE / "test.log"
# Many small compilations: no optimisation, no debug information. Warnings are none: a patch may leave something unused.
SETTINGS = [
    "-DCMAKE_BUILD_TYPE=Debug",
    "-DCMAKE_CXX_FLAGS_DEBUG=-O0 -w",
    "-DCMAKE_C_FLAGS_DEBUG=-O0 -w",
    "-DFLUENTSYNC_INSTALL=OFF",
]
# A bug that disturbs the rest does so all the time.
SHORTER = {"FLUENTSYNC_QUIET_SECONDS": "20"}
TAIL = 25


def say(text):
    print(text, file=sys.stderr, flush=True)


def tail(text):
    return "\n".join("    " + line for line in text.splitlines()[-TAIL:])


def copy_file(source, target):
    """Only what differs, so that a build after it does no more than it must."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file() or target.read_bytes() != source.read_bytes():
        target.write_bytes(source.read_bytes())
        shutil.copymode(source, target)


def copy_tree():
    """What git knows of here, and what is new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=patches.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    names = {name for name in listed.stdout.split("\0") if name and (patches.ROOT / name).is_file()}
    for name in names:
        copy_file(patches.ROOT / name, TREE / name)
    for path in [path for path in TREE.rglob("*") if path.is_file()]:
        if str(path.relative_to(TREE)) not in names:
            path.unlink()


def configure():
    command = ["cmake", "-S", str(TREE), "-B", str(BUILD), "-G", "Ninja", *SETTINGS]
    if shutil.which("ccache"):
        command += ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache", "-DCMAKE_C_COMPILER_LAUNCHER=ccache"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the copy in {TREE} cannot be configured:\n{tail(done.stdout + done.stderr)}")


def build(targets, jobs):
    """None, or the words of the build that failed."""
    command = ["cmake", "--build", str(BUILD), "-j", str(jobs), "--target", *targets]
    done = subprocess.run(command, capture_output=True, text=True)
    return None if done.returncode == 0 else done.stdout + done.stderr


def program_of(target):
    found = [path for path in (BUILD / "tests").rglob(target) if path.is_file() and os.access(path, os.X_OK)]
    return found[0]


def command_of(patch):
    if not patch.is_python:
        return [str(program_of(patch.target)), *patch.arguments]
    given = [BUILD / "examples" / "fluentsync"]
    if "fault_shim" in patch.build_targets:
        given.append(BUILD / "tests" / "fault" / "libfault_shim.so")
    source = patches.python_source(TREE, patch.target)
    if not patch.target.startswith("cli_"):  # Those take a folder of their own.
        given.append(PLACE)
    return [sys.executable, str(source), *map(str, given), *patch.arguments]


def run_test(patch, time_limit):
    """passed, failed, or what else came of it; and the output."""
    command = command_of(patch)
    limit = patch.hangs or time_limit
    with LOG.open("wb") as log:
        running = subprocess.Popen(
            command,
            cwd=TREE,
            env={**os.environ, **SHORTER},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = running.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            code = None
        # What the test has started and a failure has left behind ends with it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    output = LOG.read_text(encoding="utf-8", errors="replace")
    if code is None:
        return "hung" if patch.hangs else "time limit", output
    return verdict(patch, code, output), output


def verdict(patch, code, output):
    if code < 0:
        return f"died of signal {-code}"
    if patch.is_simulation:
        passed, failed = re.search(r"^[1-9]\d* runs, .* 0 failed", output, re.MULTILINE), code == 1
    elif patch.is_python:
        passed = re.search(r"^Ran [1-9]\d* tests? .*\n\nOK$", output, re.MULTILINE)
        failed = re.search(r"^FAILED \(", output, re.MULTILINE)
    else:
        passed = "All tests passed (" in output
        failed = re.search(r"^test cases: .*\d failed", output, re.MULTILINE)
    if code == 0:
        return "passed" if passed else "ran no test"
    return "failed" if failed else f"exit code {code}"


def all_pass_unpatched(chosen, arguments):
    targets = {target for patch in chosen for target in patch.build_targets}
    say(f"building {len(targets)} programs as they are ...")
    words = build(sorted(targets), arguments.jobs)
    if words:
        sys.exit(f"the tree does not build as it is:\n{tail(words)}")
    good = True
    for patch in {patch.caught_by: patch for patch in chosen}.values():
        result, output = run_test(patch, arguments.time_limit)
        if result != "passed":
            good = False
            say(f"{patch.caught_by}: {result} without any bug planted\n{tail(output)}")
    return good


def is_caught(patch, result):
    return result == ("hung" if patch.hangs else "failed")


def plant(patch, arguments):
    """What came of the patch; the tree is as before afterwards."""
    whole = {TREE / name: (TREE / name).read_bytes() for name in patch.files()}
    refused = patch.apply(TREE)
    if refused:
        return f"does not apply: {refused.splitlines()[0]}", ""
    try:
        words = build(patch.build_targets, arguments.jobs)
        return ("build failed", words) if words else run_test(patch, arguments.time_limit)
    finally:
        for path, text in whole.items():
            path.write_bytes(text)


def print_table(rows):
    print("| Patch | Promise | Test | |\n|---|---|---|---|")
    caught = 0
    for patch, result in rows:
        found = is_caught(patch, result)
        caught += 1 if found else 0
        word = "caught" if found else f"NOT CAUGHT ({result})"
        promise, test = (text.replace("|", "\\|") for text in (patch.promise, patch.caught_by))
        print(f"| {patch.name} | {promise} | `{test}` | {word} |")
    print(f"\n{caught} of {len(rows)} planted bugs caught")
    return caught == len(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a patch of this folder")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="of a build")
    parser.add_argument("--time-limit", type=float, default=180, help="of one test, in seconds")
    arguments = parser.parse_args()
    try:
        chosen = patches.load(arguments.names)
    except patches.BadPatch as bad:
        parser.error(str(bad))
    copy_tree()
    configure()
    if not all_pass_unpatched(chosen, arguments):
        sys.exit("a test that fails anyway catches nothing: nothing was planted")
    rows = []
    for number, patch in enumerate(chosen, 1):
        begun = time.monotonic()
        result, output = plant(patch, arguments)
        rows.append((patch, result))
        say(f"{number:3}/{len(chosen)} {patch.name}: {result} ({time.monotonic() - begun:.0f} s)")
        if not is_caught(patch, result):
            say(tail(output))
    return 0 if print_table(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
