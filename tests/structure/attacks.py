#!/usr/bin/env python3
"""Prints each attack of docs/attacks.md with what is expected and the tests that try it.

usage: attacks.py [--run BUILD] [ROOT]     --run: also runs those tests, as they are built in BUILD
Exits 1 when an attack has neither a test nor a reason why there is none, when a test that is named is not there, or when
one that was run is wrong. A program of tests that is not in BUILD is "not built", and wrong as well.
"""

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import traps

ATTACKS = 57
ROW = re.compile(r"^\| (\d\d) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/.]+)`(?:: (.+))?")
REASON = re.compile(r"(limit|by hand): \S.+")
FUNCTION = re.compile(r"^\s*def (test_\w+)", re.MULTILINE)


class Row:
    def __init__(self, number, attack, expected, cell):
        self.number, self.attack, self.expected = number, attack, expected
        self.reason = cell if REASON.fullmatch(cell) else None
        found = [] if self.reason else [(TEST.fullmatch(part), part) for part in cell.split("<br>")]
        self.tests = [match.groups(default="") for match, _ in found if match]
        self.unknown = [part for match, part in found if not match]


def rows_of(root):
    text = (root / "docs" / "attacks.md").read_text(encoding="utf-8")
    return [Row(*groups) for groups in ROW.findall(text)]


def names_in(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return set(FUNCTION.findall(text))
    literals = (re.findall(traps.STRING, match.group(1)) for match in traps.CATCH.finditer(text))
    # A name may go over several literals; what stands behind it may be tags.
    return {"".join(word[1:-1] for word in words[:end]) for words in literals for end in range(1, len(words) + 1)}


def faults(root, rows, count=ATTACKS):
    if [row.number for row in rows] != [f"{number:02}" for number in range(1, count + 1)]:
        yield f"docs/attacks.md: the rows do not run from 01 to {count:02}"
    for row in rows:
        for part in row.unknown:
            yield f"attack {row.number}: neither a test nor a reason: {part}"
        for file, name in row.tests:
            if not (root / file).is_file():
                yield f"attack {row.number}: there is no {file}"
            elif name and name not in names_in(root / file):
                yield f"attack {row.number}: {file} has no test of the name: {name}"


def ctest(build, name):
    listed = subprocess.run(["ctest", "--test-dir", build, "-N", "-R", f"^{name}$"], capture_output=True, text=True)
    if "Total Tests: 0" in listed.stdout or listed.returncode:
        return "not built"
    done = subprocess.run(["ctest", "--test-dir", build, "-R", f"^{name}$"], capture_output=True, text=True)
    return "right" if done.returncode == 0 else "wrong"


def run_catch(program, name):
    if not program.is_file():
        return "not built"
    # Commas, brackets and stars have a meaning for Catch.
    words = [re.sub(r"([,\[\]*\\])", r"\\\1", name)] if name else []
    done = subprocess.run([program, *words], capture_output=True, text=True, errors="replace")
    ran = "No test cases matched" not in done.stdout and "No tests ran" not in done.stdout
    return "right" if done.returncode == 0 and ran else "wrong"


def run_test(build, file, name):
    """right, wrong or not built. Python and shell tests run whole, by CTest, which knows their words."""
    path = Path(file)
    kind, stem = path.parts[1], path.stem.removeprefix("test_")
    if path.suffix == ".sh":
        return ctest(build, f"{kind}_{stem.removeprefix('check_')}")
    if path.suffix == ".py":
        return ctest(build, f"{kind}_{stem}")
    if kind == "fuzz":
        return ctest(build, stem)
    if kind == "unit":
        return run_catch(build / "tests" / "unit" / f"unit_{path.parts[2]}", name)
    if kind == "capi":
        return run_catch(build / "tests" / "capi" / "capi_tests", name)
    return run_catch(build / "tests" / kind / f"{kind}_{stem}", name)


def print_row(row, build, known):
    print(f"{row.number}  {row.attack}\n      expected: {row.expected}")
    if row.reason:
        print(f"      {row.reason}")
    wrong = 0
    for file, name in row.tests:
        # One that CTest runs whole is run once.
        key = (file, name if file.endswith(".cpp") else "")
        if build and key not in known:
            known[key] = run_test(build, file, name)
        verdict = f"{known[key]}: " if build else ""
        wrong += bool(build) and known[key] != "right"
        print(f"      {verdict}{file}{': ' + name if name else ''}", flush=True)
    return wrong


def main(words):
    build = None
    if words[:1] == ["--run"] and len(words) > 1:
        build, words = Path(words[1]).resolve(), words[2:]
    if len(words) > 1 or any(word.startswith("-") for word in words):
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(words[0] if words else Path(__file__).parents[2]).resolve()
    rows, known = rows_of(root), {}
    wrong = sum(print_row(row, build, known) for row in rows)
    found = list(faults(root, rows))
    for fault in found:
        print(fault, file=sys.stderr)
    tried = sum(1 for row in rows if row.tests)
    limits = sum(1 for row in rows if row.reason and row.reason.startswith("limit"))
    print(f"\n{len(rows)} attacks: {tried} have tests, {limits} are limits, {len(rows) - tried - limits} by hand only")
    if build:
        print(f"{wrong} wrong or not built")
    return 1 if found or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
