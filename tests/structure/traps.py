#!/usr/bin/env python3
"""Prints each trap of docs/traps.md with the tests that carry its number.

usage: traps.py [--md] [ROOT]     --md: as a Markdown table
Exits 1 when a trap has no test, or a test a number that is no trap's.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

FOLDERS = ["tests", "capi", "examples"]
TITLE = re.compile(r"^\| (\d\d) \| (.+?) \|$", re.MULTILINE)
NUMBER = re.compile(r"\[trap-(\d\d)\]")
STRING = r'"(?:[^"\\]|\\.)*"'
# TEST_CASE("name"), TEST_CASE("name", "[tags]"), TEST_CASE_METHOD(Fixture, "name"), SECTION("name").
CATCH = re.compile(rf"\b(?:TEST_CASE\w*|SECTION)\s*\(\s*(?:\w+\s*,\s*)?({STRING}(?:\s*,?\s*{STRING})*)")
# def test_no_token_is_shown_trap_31(self):, and Rust's fn of the same name.
FUNCTION = re.compile(r"^\s*(?:async )?(?:def|fn) (\w*trap_\d\d\w*)", re.MULTILINE)
# A shell script says it in a comment of its own line: # [trap-31] no token in the log
COMMENT = re.compile(r"^\s*# (.*\[trap-\d\d\].*)$", re.MULTILINE)


def titles_of(root):
    return dict(TITLE.findall((root / "docs" / "traps.md").read_text(encoding="utf-8")))


def catch_names(text):
    for match in CATCH.finditer(text):
        name = " ".join(literal[1:-1] for literal in re.findall(STRING, match.group(1)))
        for number in NUMBER.findall(name):
            yield number, " ".join(NUMBER.sub("", name).split())


def function_names(text):
    for name in FUNCTION.findall(text):
        for number in re.findall(r"trap_(\d\d)", name):
            yield number, re.sub(r"_?trap_\d\d", "", name)


def comment_names(text):
    for name in COMMENT.findall(text):
        for number in NUMBER.findall(name):
            yield number, " ".join(NUMBER.sub("", name).split())


READERS = {".cpp": catch_names, ".c": catch_names, ".py": function_names, ".rs": function_names, ".sh": comment_names}


def tests_of(root):
    """Number to (file, name of the test)."""
    tests = defaultdict(list)
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in READERS and path.is_file():
                for number, name in READERS[path.suffix](path.read_text(encoding="utf-8")):
                    tests[number].append((str(path.relative_to(root)), name))
    return tests


def faults(titles, tests):
    if not titles:
        yield "docs/traps.md: no table of traps"
    for number in sorted(set(f"{n:02}" for n in range(1, len(titles) + 1)) ^ set(titles)):
        yield f"docs/traps.md: trap {number}: the numbers do not run from 01 without a gap"
    for number in sorted(titles):
        if not tests.get(number):
            yield f"trap {number} has no test: {titles[number]}"
    for number in sorted(set(tests) - set(titles)):
        yield f"{tests[number][0][0]}: {tests[number][0][1]}: there is no trap {number} in docs/traps.md"


def print_text(titles, tests):
    for number, title in sorted(titles.items()):
        print(f"{number}  {title}")
        for file, name in tests[number]:
            print(f"      {file}: {name}")


def print_markdown(titles, tests):
    print("| Number | Trap | Tests |\n|---|---|---|")
    for number, title in sorted(titles.items()):
        cells = "<br>".join(f"`{file}`: {name.replace('|', chr(92) + '|')}" for file, name in tests[number])
        print(f"| {number} | {title} | {cells} |")


def main(words):
    markdown = "--md" in words
    places = [word for word in words if word != "--md"]
    if len(places) > 1 or any(place.startswith("-") for place in places):
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(places[0] if places else Path(__file__).parents[2]).resolve()
    titles, tests = titles_of(root), tests_of(root)
    (print_markdown if markdown else print_text)(titles, tests)
    found = list(faults(titles, tests))
    for fault in found:
        print(fault, file=sys.stderr)
    covered = sum(1 for number in titles if tests.get(number))
    count = sum(len(tests[number]) for number in titles)
    print(f"\n{covered} of {len(titles)} traps covered, {count} tests named")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
