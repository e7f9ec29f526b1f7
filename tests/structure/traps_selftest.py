#!/usr/bin/env python3
"""Shows that traps.py finds tests of each kind, and notices a trap without one."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import traps

TABLE = "| Number | Trap |\n|---|---|\n| 01 | One |\n| 02 | Two |\n"
KINDS = {
    "tests/a.cpp": 'TEST_CASE("a name [trap-02]") {\n',
    "tests/b.cpp": 'TEST_CASE("a name", "[trap-02]") {\n',
    "tests/c.cpp": 'TEST_CASE_METHOD(Fixture, "[trap-02] a name") {\n',
    "tests/d.cpp": 'TEST_CASE(\n    "a name (long) "\n    "[trap-02]") {\n',
    "tests/e.cpp": '    SECTION("a name [trap-02]") {\n',
    "tests/f.py": "    def test_a_name_trap_02(self):\n",
    "capi/g.rs": "fn a_name_trap_02() {\n",
    "tests/h.sh": "# a name [trap-02]\n",
}


def faults(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"docs/traps.md": TABLE, "tests/one.cpp": 'TEST_CASE("x [trap-01]") {}', **files}.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return list(traps.faults(traps.titles_of(Path(folder)), traps.tests_of(Path(folder))))


class Traps(unittest.TestCase):
    def test_each_kind_of_test_is_found(self):
        for name, text in KINDS.items():
            with self.subTest(name):
                self.assertEqual(faults({name: text}), [])

    def test_what_is_missing_is_said(self):
        self.assertEqual(faults({}), ["trap 02 has no test: Two"])
        comment = {"tests/a.cpp": "// [trap-02] is only talked about\n"}
        self.assertEqual(faults(comment), ["trap 02 has no test: Two"])

    def test_a_number_that_is_no_traps_is_said(self):
        found = faults({"tests/a.cpp": KINDS["tests/a.cpp"], "tests/b.py": "def test_x_trap_77(self):\n"})
        self.assertEqual(len(found), 1)
        self.assertIn("no trap 77", found[0])

    def test_a_gap_in_the_table_is_said(self):
        found = faults({"docs/traps.md": TABLE.replace("02", "03"), "tests/a.cpp": 'TEST_CASE("x [trap-03]")'})
        self.assertEqual(len(found), 2, found)


if __name__ == "__main__":
    unittest.main()
