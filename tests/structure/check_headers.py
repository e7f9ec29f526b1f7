#!/usr/bin/env python3
"""Compiles each header below some folders alone, and twice in one file, under strict flags.

Finds nothing but the folders named and the system's headers, so a header that leans on another having come first
does not compile; nor does one that leans on a folder that its users do not have.
"""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FLAGS = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]


def headers_below(folder):
    names = sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*.hpp"))
    if not names:
        sys.exit(f"no headers found below {folder}")
    return names


def compiles(compiler, standard, folders, name):
    text = f"#include <{name}>\n#include <{name}>\n"
    command = [compiler, f"-std={standard}", *FLAGS, *(f"-I{folder}" for folder in folders), "-x", "c++", "-"]
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        print(f"{compiler}: {name} does not stand alone:\n{result.stderr}")
    return result.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--standard", default="c++17")
    parser.add_argument("--of", action="append", required=True, metavar="DIR", help="whose headers are compiled")
    parser.add_argument("--beside", action="append", default=[], metavar="DIR", help="what they may include, too")
    parser.add_argument("compiler", nargs="+")
    args = parser.parse_args()
    names = [name for folder in args.of for name in headers_below(folder)]
    folders = args.of + args.beside
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        good = list(pool.map(lambda job: compiles(job[0], args.standard, folders, job[1]),
                             [(compiler, name) for compiler in args.compiler for name in names]))
    print(f"{sum(good)} of {len(good)} compilations pass: {len(names)} headers, {', '.join(args.compiler)}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
