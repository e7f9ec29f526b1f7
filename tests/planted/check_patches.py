#!/usr/bin/env python3
"""Checks that every planted bug still fits the tree and names a test that exists, and that each promise has one.
Builds nothing: see run.py.

usage: check_patches.py [ROOT] [--promises]     --promises: prints the promises and the tests that guard them
"""

import collections
import sys
from pathlib import Path

import patches

FEWEST = 30


def by_promise(every):
    found = collections.defaultdict(list)
    for patch in every:
        found[patch.promise_number].append(patch)
    return found


def print_promises(every):
    print("| Promise | Broken by | Test that fails then |\n|---|---|---|")
    for number, those in sorted(by_promise(every).items()):
        for patch in those:
            test = patch.caught_by.replace("|", "\\|")
            print(f"| {number} {patch.promise_name} | {patch.name} | `{test}` |")


def main(words):
    show = "--promises" in words
    roots = [word for word in words if word != "--promises"]
    root = Path(roots[0] if roots else patches.ROOT).resolve()
    try:
        every = patches.load()
    except patches.BadPatch as bad:
        print(bad, file=sys.stderr)
        return 1
    found = [f"{patch.name}: {fault}" for patch in every for fault in patches.faults(root, patch)]
    found += [f"promise {number} has no planted bug" for number in patches.PROMISES if number not in by_promise(every)]
    if show:
        print_promises(every)
    if len(every) < FEWEST:
        found.append(f"{len(every)} planted bugs, fewer than {FEWEST}")
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"{len(every)} planted bugs, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
