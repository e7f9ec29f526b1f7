#!/usr/bin/env python3
"""Compiles each header below some folders alone, and twice in one file, under strict flags.

Finds nothing but the folders named and the system's headers, so a header that leans on another having come first
does not compile; nor does one that leans on a folder that its users do not have.

--standard-once: the standard's own headers, which take most of the time, are compiled once before all others. What a
header wants of them is then told by the names that it uses (standard_includes.py).
"""

import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from standard_includes import StandardIncludes

FLAGS = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]


def headers_below(folder):
    names = sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*.hpp"))
    if not names:
        sys.exit(f"no headers found below {folder}")
    return names


def command_of(compiler, standard, folders):
    return [compiler, f"-std={standard}", *FLAGS, *(f"-I{folder}" for folder in folders)]


def precompiled(command, includes, names, folder):
    """Compiles the standard's headers, and tells what includes them."""
    header = Path(folder) / "standard.hpp"
    header.write_text("".join(f"#include <{name}>\n" for name in includes.all_standard(names)), encoding="utf-8")
    command = [part for part in command if part != "-fsyntax-only"]
    subprocess.run([*command, "-x", "c++-header", str(header), "-o", f"{header}.gch"], check=True)
    return ["-include", str(header)]


def compiles(compiler, command, name):
    text = f"#include <{name}>\n#include <{name}>\n"
    command = [*command, "-x", "c++", "-"]
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        print(f"{compiler}: {name} does not stand alone:\n{result.stderr}")
    return result.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--standard", default="c++17")
    parser.add_argument("--of", action="append", required=True, metavar="DIR", help="whose headers are compiled")
    parser.add_argument("--beside", action="append", default=[], metavar="DIR", help="what they may include, too")
    parser.add_argument("--standard-once", action="store_true", help="with g++ alone")
    parser.add_argument("compiler", nargs="+")
    args = parser.parse_args()
    names = [name for folder in args.of for name in headers_below(folder)]
    folders = args.of + args.beside
    includes = StandardIncludes(folders)
    leaning = [f"{name}: {line}" for name in names for line in includes.missing(name)] if args.standard_once else []
    print("".join(f"{line}\n" for line in leaning), end="")
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count()) as pool:
        commands = {compiler: command_of(compiler, args.standard, folders) for compiler in args.compiler}
        if args.standard_once:
            commands = {compiler: command + precompiled(command, includes, names, scratch)
                        for compiler, command in commands.items()}
        good = list(pool.map(lambda job: compiles(job[0], commands[job[0]], job[1]),
                             [(compiler, name) for compiler in args.compiler for name in names]))
    print(f"{sum(good)} of {len(good)} compilations pass: {len(names)} headers, {', '.join(args.compiler)}")
    return 0 if all(good) and not leaning else 1


if __name__ == "__main__":
    sys.exit(main())
