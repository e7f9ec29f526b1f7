#!/usr/bin/env python3
"""Checks that every planted bug still fits the tree and names a test that exists. Builds nothing: see run.py.

usage: check_patches.py [ROOT]
"""

import sys
from pathlib import Path

import patches

# What the project has promised to keep.
FEWEST = 30


def main(words):
    root = Path(words[0] if words else patches.ROOT).resolve()
    try:
        every = patches.load()
    except patches.BadPatch as bad:
        print(bad, file=sys.stderr)
        return 1
    found = [f"{patch.name}: {fault}" for patch in every for fault in patches.faults(root, patch)]
    if len(every) < FEWEST:
        found.append(f"{len(every)} planted bugs, fewer than {FEWEST}")
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"{len(every)} planted bugs, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
