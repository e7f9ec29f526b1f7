#!/usr/bin/env python3
"""What each word does to the store, and what bad input gets."""

import json
import sqlite3

import program


class Usage(program.Case):
    def test_help_and_version(self):
        self.assertIn(b"Exit codes: 0", self.fluentsync("--help").stdout)
        self.assertIn(b"VALUE", self.fluentsync("set", "--help").stdout)
        self.assertRegex(self.fluentsync("--version").stdout, rb"\Afluentsync \d+\.\d+\.\d+\n\Z")

    def test_help_is_a_word_too(self):
        self.assertEqual(self.fluentsync("help").stdout, self.fluentsync("--help").stdout)
        self.assertEqual(self.fluentsync("help", "set").stdout, self.fluentsync("set", "--help").stdout)
        self.refused("help", "stauts", code=2, says='did you mean "status"?')

    def test_bad_words(self):
        self.refused(code=2, says="a command is missing")
        self.refused("stauts", "x", code=2, says='did you mean "status"?')
        self.refused("stat", "x", code=2, says='did you mean "status"?')
        self.refused("put", self.root, "note", code=2, says="ID")
        self.refused("list", self.root, "a", "b", "c", code=2, says="c")
        self.refused("resolve", self.root, "one", "--take", "winner", code=2, says="NUMBER")
        self.refused("resolve", self.root, "1", code=2, says="--take")
        self.refused("init", self.root, "--layout", "round", code=2, says="round")
        self.refused("list", "", code=2, says="ROOT")
        self.assertFalse(self.root.exists())

    def test_no_workspace(self):
        for words in (["sync"], ["run"], ["list"], ["status"], ["verify"], ["held"], ["confirm"], ["conflicts"]):
            self.refused(*words, self.root, code=3, says=f"run `fluentsync init {self.root}` first")
        self.assertFalse(self.root.exists())


    def test_a_remote_by_path_counts_from_where_it_is_said(self):
        self.refused("init", self.root, "--remote", "missing.git", code=7, says=f"{self.folder}/missing.git")


class Config(program.Case):
    def config(self, text):
        (self.root / ".fluentsync").mkdir(parents=True, exist_ok=True)
        (self.root / ".fluentsync" / "config.json").write_text(text)

    def test_unknown_option(self):
        self.config('{"store": {"path": "s.db"}, "directory": {"syncDebonce": 1}}')
        self.refused("list", self.root, code=2, says='did you mean "syncDebounce"?')

    def test_syntax_error(self):
        self.config('{"store": {"path": "s.db"},\n  oops}')
        self.refused("list", self.root, code=2, says="config.json: options: line 2, column 3")

    def test_missing_path(self):
        self.config('{"directory": {"syncPath": ".."}}')
        self.refused("list", self.root, code=2, says="path")

    def test_a_refused_value_is_named_with_its_parent(self):
        paths = '"store": {"path": "s.db"}, "directory": {"syncPath": ".."'
        self.config(f'{{{paths}}}, "git": {{"branch": "a..b"}}}}')
        self.refused("status", self.root, code=2, says="config.json: git.branch ")
        self.config(f'{{{paths}, "syncDebounce": 5, "maxSyncDelay": 1}}}}')
        self.refused("sync", self.root, code=2, says="config.json: directory.max_sync_delay ")

    def test_paths_start_at_the_state_folder(self):
        self.config('{"store": {"path": "deeper/other.db"}, "directory": {"syncPath": ".."}}')
        self.put(self.root, "note", "a", "text\n")
        self.assertTrue((self.root / ".fluentsync" / "deeper" / "other.db").exists())

    def test_a_named_file_may_say_anything(self):
        named = self.folder / "options.json"
        named.write_text('{"store": {"path": "elsewhere.db"}, "directory": {"syncPath": "other"}, "git": null}')
        self.fluentsync("put", self.root, "note", "a", "--config", named, feed=b"text\n")
        self.fluentsync("sync", self.root, "--config", named)
        self.assertTrue((self.folder / "elsewhere.db").exists())
        self.assertEqual((self.folder / "other" / "note" / "a.md").read_text(), "text\n")


class Words(program.Case):
    def setUp(self):
        super().setUp()
        self.fluentsync("init", self.root)

    def test_put_and_get_keep_every_byte(self):
        content = "---\r\ntitle: 'Ä'  # why\r\n---\r\n\r\nno last line end"
        done = self.fluentsync("put", self.root, "note", "deep/a", feed=content.encode())
        self.assertEqual(done.stdout, b"created note/deep/a, version 1\n")
        self.assertEqual(self.fluentsync("get", self.root, "note", "deep/a").stdout, content.encode())
        done = self.fluentsync("put", self.root, "note", "deep/a", "-", feed=content.encode())
        self.assertEqual(done.stdout, b"unchanged note/deep/a, version 1\n")
        source = self.folder / "source.md"
        source.write_bytes(b"other\n")
        done = self.fluentsync("put", self.root, "note", "deep/a", source)
        self.assertEqual(done.stdout, b"updated note/deep/a, version 2\n")
        self.assertEqual(self.fluentsync("get", self.root, "note", "deep/a").stdout, b"other\n")

    def test_names_of_commands_are_good_names(self):
        self.put(self.root, "sync", "list", "text\n")
        self.assertEqual(self.fluentsync("get", self.root, "sync", "list").stdout, b"text\n")

    def test_if_version(self):
        put = ("put", self.root, "note", "a")
        self.fluentsync(*put, "--if-version", 0, feed=b"one\n")
        self.refused(*put, "--if-version", 0, code=5, says="note/a", feed=b"two\n")
        self.fluentsync(*put, "--if-version", 1, feed=b"two\n")
        self.refused("set", self.root, "note", "a", "k", "-1", "--if-version", 1, code=5, says="note/a")
        self.fluentsync("set", self.root, "note", "a", "k", "v", "--if-version", 2)
        self.refused("rm", self.root, "note", "a", "--if-version", 2, code=5, says="note/a")
        self.refused("rm", self.root, "note", "a", "--if-version", -1, code=2, says="if-version")
        self.fluentsync("rm", self.root, "note", "a", "--if-version", 3)

    def test_rm(self):
        self.put(self.root, "note", "a", "text\n")
        self.fluentsync("rm", self.root, "note", "a")
        self.refused("rm", self.root, "note", "a", code=4, says="note/a")
        self.refused("get", self.root, "note", "a", code=4, says="note/a")

    def test_set_edits_one_key(self):
        self.put(self.root, "note", "a", "---\n# kept\ntitle: x\n---\nbody\n")
        values = {"n": ("-5", -5), "s": ("two words", "two words"), "q": ('"7"', "7"), "b": ("true", True),
                  "l": ('["a", "b"]', ["a", "b"]), "o": ('{"k": 1}', {"k": 1}), "d": ("--dashes", "--dashes")}
        for key, (word, _) in values.items():
            self.fluentsync("set", self.root, "note", "a", key, word)
        (entity,) = self.json("list", self.root)
        self.assertEqual(entity["metadata"], {"title": "x", **{key: value for key, (_, value) in values.items()}})
        content = self.fluentsync("get", self.root, "note", "a").stdout
        self.assertTrue(content.startswith(b"---\n# kept\ntitle: x\n"), content)
        self.assertTrue(content.endswith(b"---\nbody\n"), content)
        self.refused("set", self.root, "note", "none", "k", "v", code=4, says="none")

    def test_list(self):
        self.put(self.root, "note", "b", "---\ntitle: Bee\n---\n")
        self.put(self.root, "tag", "a", "text\n")
        lines = self.fluentsync("list", self.root).stdout.decode().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertRegex(lines[0], r"\Anote/b  v1  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  Bee\Z")
        (entity,) = self.json("list", self.root, "tag")
        self.assertEqual((entity["type"], entity["id"], entity["version"]), ("tag", "a", 1))
        self.assertEqual(entity["hash"], self.git("hash-object", self.source(b"text\n")))
        self.assertEqual(self.json("list", self.root, "none"), [])

    def source(self, content):
        path = self.folder / "content"
        path.write_bytes(content)
        return path

    def test_status_of_a_workspace_at_rest(self):
        self.put(self.root, "note", "a", "text\n")
        status = self.json("status", self.root)
        self.assertEqual(status["entities"], 1)
        self.assertEqual(status["openConflicts"], 0)
        self.assertIn(b"entities       1\n", self.fluentsync("status", self.root).stdout)
        self.assertEqual(self.json("conflicts", self.root), [])
        self.assertEqual(self.json("held", self.root), [])
        self.assertEqual(self.fluentsync("confirm", self.root).stdout, b"0 deletions confirmed\n")
        self.refused("resolve", self.root, "7", "--take", "loser", code=4, says="no conflict 7")

    def test_refused_content(self):
        put = ("put", self.root)
        self.refused(*put, "note", "../../escaped", code=5, says="..", feed=b"x\n")
        self.refused(*put, "a/b", "x", code=5, says="a/b", feed=b"x\n")
        self.refused(*put, "note", "x", code=5, says="UTF-8", feed=b"\xff\n")
        self.refused(*put, "note", "x", code=5, says="line", feed=b"---\na: [\n---\n")
        self.refused(*put, "note", "x", self.folder / "none.md", code=3, says="none.md")
        self.refused(*put, "note", "x", code=5, says="--allow-empty", feed=b"")
        self.refused(*put, "note", "x", "-", code=5, says="--allow-empty", feed=b"")
        self.refused(*put, "note", "/".join(["d"] * 200), code=5, says="200 folders", feed=b"x\n")
        self.refused(*put, "note", "x", code=5, says="(directory.max_import_file_bytes)", feed=b"x" * (10 * 1024 * 1024 + 1))
        self.refused(*put, "note", "x", self.folder, code=3, says=str(self.folder))
        self.assertEqual(self.json("list", self.root), [])
        self.assertFalse((self.folder / "escaped.md").exists())

    def test_names_cannot_fake_lines(self):
        self.put(self.root, "note", "a\nb\x1b[2J", "text\n")
        self.assertRegex(self.fluentsync("list", self.root).stdout, rb"\Anote/a\\x0Ab\\x1B\[2J  v1 [^\n]*\n\Z")

    def test_full_disk_behind_standard_output(self):
        self.put(self.root, "note", "a", "text\n")
        with open("/dev/full", "wb") as full:
            self.refused("list", self.root, code=3, says="cannot write to standard output", stdout=full)

    def test_database_of_somebody_else(self):
        path = self.root / ".fluentsync" / "store.db"
        for part in self.root.glob(".fluentsync/store.db*"):
            part.unlink()
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE theirs (x)")
        database.close()
        self.refused("list", self.root, code=3, says="store.db")
        path.write_bytes(b"no database at all, and long enough to tell" * 100)
        self.refused("list", self.root, code=3, says="store.db")

    def test_init_again(self):
        before = (self.root / ".fluentsync" / "config.json").read_bytes()
        self.fluentsync("init", self.root)
        self.refused("init", self.root, "--layout", "sharded", code=5, says="flat")
        self.refused("init", self.root, "--branch", "other", code=5, says="edit")
        self.assertEqual((self.root / ".fluentsync" / "config.json").read_bytes(), before)
        self.assertEqual(json.loads(before)["git"], {"autoSync": True, "autoPush": False})


if __name__ == "__main__":
    program.main()
