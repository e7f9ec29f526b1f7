#!/usr/bin/env python3
"""Compiles each public header alone, and twice in one file, as C++17 under strict flags.

usage: check_headers.py INCLUDE_DIR GENERATED_INCLUDE_DIR COMPILER...
Finds nothing but the two folders and the compiler's own headers, so a header that leans on one of our
dependencies, or on another header having come first, does not compile.
"""

import subprocess
import sys
from pathlib import Path

FLAGS = ["-std=c++17", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]


def compiles(compiler, folders, name):
    text = f"#include <fluentsync/{name}>\n#include <fluentsync/{name}>\n"
    command = [compiler, *FLAGS, *(f"-I{folder}" for folder in folders), "-x", "c++", "-"]
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        print(f"{compiler}: fluentsync/{name} does not stand alone:\n{result.stderr}")
    return result.returncode == 0


def main():
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    folders, compilers = sys.argv[1:3], sys.argv[3:]
    names = sorted({path.name for folder in folders for path in Path(folder, "fluentsync").glob("*.hpp")})
    if "version.hpp" not in names or "fluentsync.hpp" not in names:
        print(f"public headers not found below {folders}")
        return 1
    good = [compiles(compiler, folders, name) for compiler in compilers for name in names]
    print(f"{sum(good)} of {len(good)} compilations pass: {len(names)} headers, {', '.join(compilers)}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
