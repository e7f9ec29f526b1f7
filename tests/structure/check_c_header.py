#!/usr/bin/env python3
"""Compiles the C API's header alone, and twice in one file, as strict C99 and as C++17.

usage: check_c_header.py INCLUDE_DIR COMPILER...
"""

import subprocess
import sys

TEXT = "#include <fluentsync/fluentsync.h>\n#include <fluentsync/fluentsync.h>\nint not_empty;\n"
STRICT = ["-fsyntax-only", "-pedantic", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Werror"]
LANGUAGES = {"C99": ["-x", "c", "-std=c99", "-Wstrict-prototypes"], "C++17": ["-x", "c++", "-std=c++17"]}


def compiles(compiler, folder, language):
    command = [compiler, *LANGUAGES[language], *STRICT, f"-I{folder}", "-"]
    result = subprocess.run(command, input=TEXT, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        print(f"{compiler}: fluentsync/fluentsync.h is no {language} by itself:\n{result.stderr}")
    return result.returncode == 0


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    good = [compiles(compiler, sys.argv[1], language) for compiler in sys.argv[2:] for language in LANGUAGES]
    print(f"{sum(good)} of {len(good)} compilations pass")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
