#!/usr/bin/env python3
"""Shows that attacks.py finds the tests of a row, and notices one that is not there."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import attacks

SOURCES = {
    "tests/unit/git/test_a.cpp": 'TEST_CASE("a long "\n    "name [trap-01]") {\nTEST_CASE("tagged", "[slow]") {\n',
    "tests/cli/test_b.py": "    def test_a_name(self):\n",
    "tests/package/check_c.sh": "",
}


def faults(cell, count=1):
    with tempfile.TemporaryDirectory() as folder:
        table = f"| Number | Attack | Expected | Tests |\n|---|---|---|---|\n| 01 | One | held | {cell} |\n"
        for name, text in {"docs/attacks.md": table, **SOURCES}.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return list(attacks.faults(Path(folder), attacks.rows_of(Path(folder)), count))


def run(program, name=""):
    """What run_catch() says of a shell script in the program's place."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program"
        if program is not None:
            path.write_text("#!/bin/sh\n" + program, encoding="utf-8")
            path.chmod(0o700)
        return attacks.run_catch(path, name)


class Attacks(unittest.TestCase):
    def test_each_kind_of_test_is_found(self):
        self.assertEqual(faults("`tests/unit/git/test_a.cpp`: a long name [trap-01]<br>"
                                "`tests/unit/git/test_a.cpp`: tagged<br>"
                                "`tests/cli/test_b.py`: test_a_name<br>`tests/package/check_c.sh`"), [])

    def test_a_reason_is_enough_and_an_empty_one_is_not(self):
        self.assertEqual(faults("limit: as git does"), [])
        self.assertEqual(faults("by hand: needs another file system"), [])
        for cell in ("limit: ", "by hand", "none"):
            with self.subTest(cell):
                self.assertEqual(len(faults(cell)), 1)

    def test_what_is_not_there_is_said(self):
        for cell in ("`tests/unit/git/test_a.cpp`: a long", "`tests/cli/test_b.py`: test_another",
                     "`tests/unit/git/test_none.cpp`: tagged", "`tests/cli/test_b.py`: test_a_name<br>somewhere"):
            with self.subTest(cell):
                self.assertEqual(len(faults(cell)), 1)

    def test_a_row_that_is_missing_is_said(self):
        self.assertEqual(len(faults("limit: as git does", 2)), 1)

    def test_only_a_test_that_ran_and_passed_is_right(self):
        self.assertEqual(run("exit 0", "a name"), "right")
        self.assertEqual(run("exit 1", "a name"), "wrong")
        self.assertEqual(run("echo 'No test cases matched'", "a name"), "wrong")
        self.assertEqual(run(None, "a name"), "not built")
        self.assertEqual(run("[ \"$1\" = 'a\\, b \\[trap-01\\]' ]", "a, b [trap-01]"), "right")


if __name__ == "__main__":
    unittest.main()
