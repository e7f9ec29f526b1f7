#!/usr/bin/env python3
"""Compiles what uses git_error_set* against libgit2's headers as they are since 1.8: those functions are declared in
git2/sys/errors.h there, which git2.h does not include."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MOVED = re.compile(r"GIT_EXTERN\(\w+\)\s+git_error_set\w*\([^;]*;", re.DOTALL)
USES = re.compile(r"\bgit_error_set\w*\(")


def make_newer(libgit2, folder):
    """A copy of the headers in which the declarations have moved, or had already."""
    shutil.copytree(libgit2 / "git2", folder / "git2")
    shutil.copy(libgit2 / "git2.h", folder)
    errors = folder / "git2" / "errors.h"
    text = errors.read_text(encoding="utf-8")
    moved = MOVED.findall(text)
    errors.write_text(MOVED.sub("", text), encoding="utf-8")
    there = folder / "git2" / "sys" / "errors.h"
    if moved:
        there.write_text(
            "#pragma once\n#include <git2/common.h>\nGIT_BEGIN_DECL\n" + "\n".join(moved) + "\nGIT_END_DECL\n",
            encoding="utf-8")
    if not there.exists():
        sys.exit("git_error_set* is declared in neither git2/errors.h nor git2/sys/errors.h")


def compiles(compiler, folders, source):
    command = [compiler, "-std=c++20", "-fsyntax-only", *(f"-I{folder}" for folder in folders), str(source)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        print(f"{source} does not compile with a newer libgit2:\n{result.stderr}")
    return result.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--beside", action="append", default=[], metavar="DIR", help="generated headers")
    parser.add_argument("--libgit2", required=True, type=Path, metavar="DIR", help="its include folder")
    parser.add_argument("compiler")
    args = parser.parse_args()
    users = [path for path in sorted((args.root / "src").rglob("*.cpp"))
             if USES.search(path.read_text(encoding="utf-8"))]
    if not users:
        sys.exit("nothing uses git_error_set*: this test has lost its subject")
    with tempfile.TemporaryDirectory(prefix="fluentsync-libgit2-") as folder:
        make_newer(args.libgit2, Path(folder))
        folders = [folder, args.root / "src", args.root / "include", *args.beside]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            good = list(pool.map(lambda source: compiles(args.compiler, folders, source), users))
    print(f"{sum(good)} of {len(good)} files compile")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
