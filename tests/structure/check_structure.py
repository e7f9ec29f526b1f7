#!/usr/bin/env python3
"""Checks the house rules that no compiler knows: floors, public headers, file length, left-over marks.

usage: check_structure.py ROOT
Prints one line for each breach and exits 1 when there is any.
"""

import re
import sys
from pathlib import Path

# What a file of each folder of src/ may include beside its own folder and the public headers.
BELOW = {
    "base": set(),
    "runtime": {"base"},
    "plan": {"base"},
    "codec": {"base"},
    "store": {"base", "runtime", "plan", "codec"},
    "files": {"base", "runtime", "plan", "codec"},
    "git": {"base", "runtime", "plan", "codec"},
    "sync": {"base", "runtime", "plan", "codec", "store", "files", "git"},
}

# Public headers that hold values only; any public header may include these.
VALUE_HEADERS = {"entity", "error", "event", "options", "status", "version"}
# What the C layer needs beside the public headers and the standard library.
C_API_MAY_INCLUDE = {"nlohmann/json.hpp", "pthread.h", "sys/eventfd.h", "unistd.h"}
# What the package for Node needs beside the C header, its own files and the standard library.
NODE_MAY_INCLUDE = {"fluentsync/fluentsync.h", "node_api.h"}
# The one header whose purpose is to include all others.
UMBRELLA = "fluentsync"
STANDARD = set(
    "algorithm array atomic chrono condition_variable cstddef cstdint cerrno cstring deque exception functional initializer_list "
    "iosfwd iterator limits map memory mutex new optional ostream set shared_mutex stdexcept string string_view system_error "
    "thread tuple type_traits unordered_map utility variant vector".split()
)

MOST_LINES = 400
# The C API is one header by design, most of it prose.
LONGER_FILES = {"capi/include/fluentsync/fluentsync.h": 800}
MARKS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
SOURCE_SUFFIXES = {".cpp", ".hpp", ".h", ".c", ".py", ".rs", ".sh", ".cmake", ".in"}
SOURCE_FOLDERS = ["include", "src", "capi", "examples", "tests", "cmake"]


def includes(text):
    for match in INCLUDE.finditer(text):
        yield match.group(1), match.group(2), text.count("\n", 0, match.start(2)) + 1


def floor_breaches(root):
    """Every include of src/ stays on its own floor's folder or below."""
    seen = 0
    for path in sorted((root / "src").rglob("*.[hc]pp")):
        seen += 1
        place = path.relative_to(root)
        own = place.parts[1]
        if own not in BELOW:
            yield f"{place}: src/{own} is no floor of the design"
            continue
        for quote, name, line in includes(path.read_text(encoding="utf-8")):
            target = name.split("/")[0]
            if target == "fluentsync" or target == own:
                continue
            if target in BELOW and "/" in name:
                if target not in BELOW[own]:
                    yield f"{place}:{line}: {own}/ may not include {name}"
            elif quote == '"':
                yield f'{place}:{line}: "{name}" is not named from src/ (write "floor/file.hpp")'
    if seen == 0:
        yield f"{root}/src: no sources found"


def public_header_breaches(root):
    """Public headers include the standard library and public value headers, nothing else."""
    headers = sorted((root / "include" / "fluentsync").glob("*.hpp"))
    if not headers:
        yield f"{root}/include/fluentsync: no headers found"
    for path in headers:
        place = path.relative_to(root)
        for _, name, line in includes(path.read_text(encoding="utf-8")):
            if name in STANDARD or path.stem == UMBRELLA and name.startswith("fluentsync/"):
                continue
            ours = re.fullmatch(r"fluentsync/(\w+)\.hpp", name)
            if not ours or ours.group(1) not in VALUE_HEADERS:
                yield f"{place}:{line}: a public header may not include {name}"


def c_api_breaches(root):
    """The C layer sees the public headers, its own files, JSON and the system; none of the floors behind them."""
    own = {path.name for path in (root / "capi" / "src").glob("*.hpp")}
    for path in sorted((root / "capi" / "src").rglob("*.*pp")):
        place = path.relative_to(root)
        for quote, name, line in includes(path.read_text(encoding="utf-8")):
            public = re.fullmatch(r"fluentsync/\w+\.hp?p?", name)
            if not public and (name not in own if quote == '"' else name not in C_API_MAY_INCLUDE | STANDARD):
                yield f"{place}:{line}: the C layer may not include {name}"
    node = root / "capi" / "node" / "src"
    of_node = NODE_MAY_INCLUDE | STANDARD | {path.name for path in node.glob("*.hpp")}
    for path in sorted(node.glob("*.*pp")):
        for _, name, line in includes(path.read_text(encoding="utf-8")):
            if name not in of_node:
                yield f"{path.relative_to(root)}:{line}: the package for Node may not include {name}"
    for path in sorted((root / "capi" / "include").rglob("*.h")):
        for _, name, line in includes(path.read_text(encoding="utf-8")):
            if name not in ("stddef.h", "stdint.h"):
                yield f"{path.relative_to(root)}:{line}: the C header may not include {name}"


def text_breaches(root):
    """No file of many ideas, no left-over mark."""
    for folder in SOURCE_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if not path.is_file() or path.suffix not in SOURCE_SUFFIXES and path.name != "CMakeLists.txt":
                continue
            place = path.relative_to(root)
            lines = path.read_text(encoding="utf-8").splitlines()
            most = LONGER_FILES.get(place.as_posix(), MOST_LINES)
            if len(lines) > most:
                yield f"{place}: {len(lines)} lines, more than {most}; split it by idea"
            for number, line in enumerate(lines, 1):
                if MARKS.search(line):
                    yield f"{place}:{number}: left-over mark: {line.strip()}"


def breaches(root):
    yield from floor_breaches(root)
    yield from public_header_breaches(root)
    yield from c_api_breaches(root)
    yield from text_breaches(root)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = list(breaches(Path(sys.argv[1]).resolve()))
    for breach in found:
        print(breach)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
