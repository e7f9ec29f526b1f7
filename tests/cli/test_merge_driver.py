#!/usr/bin/env python3
"""A person's own git merge, with our driver."""

import shlex

import program

BASE = "---\nstatus: draft\nupdated: 2024-01-01\ntags: [a]\n---\none\n\ntwo\n"
OURS = "---\nstatus: draft\nupdated: 2024-01-02\ntags: [a, b]\n---\nONE\n\ntwo\n"
THEIRS = "---\nstatus: done\nupdated: 2024-01-03\ntags: [a]\n---\none\n\nTWO\n"


class MergeDriver(program.Case):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "person"
        self.git("init", "-q", "-b", "main", self.root)
        driver = f"{shlex.quote(program.PROGRAM)} merge-driver %O %A %B %P"
        self.git("-C", self.root, "config", "merge.fluentsync.driver", driver)
        for name in ("user.name", "user.email"):
            self.git("-C", self.root, "config", name, "person")
        (self.root / ".git/info/attributes").write_text("*.md merge=fluentsync\n")
        (self.root / "note").mkdir()
        self.note = self.root / "note/a.md"

    def commit(self, text):
        self.note.write_text(text)
        self.git("-C", self.root, "add", "-A")
        self.git("-C", self.root, "commit", "-q", "-m", "edit")

    def merge(self, ours, theirs):
        self.commit(BASE)
        self.git("-C", self.root, "checkout", "-q", "-b", "other")
        self.commit(theirs)
        self.git("-C", self.root, "checkout", "-q", "main")
        self.commit(ours)
        self.git("-C", self.root, "-c", "alias.try=!git merge -q other || true", "try")
        return self.note.read_text(), self.git("-C", self.root, "diff", "--name-only", "--diff-filter=U")

    def test_keys_and_prose_of_both(self):
        text, unmerged = self.merge(OURS, THEIRS)
        self.assertEqual(text, "---\nstatus: done\nupdated: 2024-01-03\ntags: [a, b]\n---\nONE\n\nTWO\n")
        self.assertEqual(unmerged, "")

    def test_a_keys_conflict_is_a_conflict_without_marks(self):
        text, unmerged = self.merge(OURS.replace("draft", "open"), THEIRS)
        self.assertIn(text.splitlines()[1], ("status: open", "status: done"))
        self.assertTrue(text.endswith("ONE\n\nTWO\n"), text)
        self.assertEqual(unmerged, "note/a.md")

    def test_what_does_not_merge_gets_gits_marks(self):
        text, unmerged = self.merge(BASE.replace("one", "uno"), BASE.replace("one", "eins"))
        self.assertIn("<<<<<<< ours\nuno\n=======\neins\n>>>>>>> theirs\n", text)
        self.assertEqual(unmerged, "note/a.md")

    def test_the_types_rules_count(self):
        self.fluentsync("init", self.root)
        config = self.root / ".fluentsync/config.json"
        config.write_text(config.read_text().replace('"syncPath"', '"merge": {"note": {"conflict": ["updated"]}}, "syncPath"'))
        _, unmerged = self.merge(OURS, THEIRS)
        self.assertEqual(unmerged, "note/a.md")


if __name__ == "__main__":
    program.main()
