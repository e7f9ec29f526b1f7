#!/usr/bin/env python3
"""Compares what fluentsync.h declares, what the version script names and what the library shows.

usage: check_symbols.py CAPI_DIR [LIBRARY]
Without a library only header and version script. Prints one line for each difference and exits 1 when there is any.
"""

import re
import subprocess
import sys
from pathlib import Path


def declared(header):
    return set(re.findall(r"^FLUENTSYNC_API [^;(]*?\b(\w+)\(", header.read_text(encoding="utf-8"), re.MULTILINE))


def named(version_script):
    text = re.sub(r"/\*.*?\*/", "", version_script.read_text(encoding="utf-8"), flags=re.DOTALL)
    shown = re.search(r"global:(.*?)local:\s*\*;", text, re.DOTALL)
    return set(re.findall(r"[\w*?]+", shown.group(1))) if shown else set()


def exported(library):
    command = ["nm", "--dynamic", "--defined-only", "--format=posix", str(library)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    # "A" is the version node itself.
    return {line.split()[0].split("@")[0] for line in lines if line.split()[1] != "A"}


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    capi = Path(sys.argv[1])
    header = declared(capi / "include" / "fluentsync" / "fluentsync.h")
    others = {"the version script": named(capi / "fluentsync_c.map")}
    if len(sys.argv) == 3:
        others[sys.argv[2]] = exported(sys.argv[2])
    faults = [] if header else ["fluentsync.h declares nothing"]
    for name, symbols in others.items():
        faults += [f"{name} lacks {symbol}, which fluentsync.h declares" for symbol in sorted(header - symbols)]
        faults += [f"{name} has {symbol}, which fluentsync.h does not declare" for symbol in sorted(symbols - header)]
    print("\n".join(faults) if faults else f"{len(header)} functions, the same in all {1 + len(others)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
