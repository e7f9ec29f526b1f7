#!/usr/bin/env python3
"""init, sync, verify, conflicts, held and confirm over store, folder, repository and remote."""

import contextlib
import http.server
import json
import os
import subprocess
import threading

import program


class Locked(http.server.BaseHTTPRequestHandler):
    """Wants other credentials, whoever asks."""

    def do_GET(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="test"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def locked_server():
    with http.server.HTTPServer(("127.0.0.1", 0), Locked) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/x.git"
        finally:
            server.shutdown()
            serving.join()


class Sync(program.Case):
    def test_init_imports_what_is_there(self):
        (self.root / "note").mkdir(parents=True)
        (self.root / "note" / "a.md").write_bytes(b"text\n")
        (self.root / "note" / "bad.md").write_bytes(b"\xff")
        done = self.fluentsync("init", self.root)
        self.assertIn(b"is ready: 1 entity, 1 held", done.stdout)
        self.assertIn("note/bad.md", done.stderr)
        self.assertEqual(self.fluentsync("get", self.root, "note", "a").stdout, b"text\n")

    def test_what_git_ignores_stays_out(self):
        self.root.mkdir()
        (self.root / ".gitignore").write_text("*.log\nbuild/\n")
        (self.root / "run.log").write_text("ignored\n")
        (self.root / "build").mkdir()
        (self.root / "build" / "out.txt").write_text("ignored\n")
        self.fluentsync("init", self.root)
        self.fluentsync("sync", self.root)
        self.assertEqual(self.git("-C", self.root, "ls-tree", "-r", "--name-only", "HEAD"), ".gitignore")
        self.fluentsync("verify", self.root)

    def test_sync_brings_all_in_step_and_then_rests(self):
        self.fluentsync("init", self.root)
        self.put(self.root, "note", "a", "text\n")
        done = self.fluentsync("sync", self.root)
        self.assertRegex(done.stdout, rb"\Ain step: 1 entity, main at [0-9a-f]{10}, no remote\n")
        self.assertEqual((self.root / "note" / "a.md").read_bytes(), b"text\n")
        self.assertEqual(self.git("-C", self.root, "ls-tree", "-r", "--name-only", "HEAD"), "note/a.md")
        self.assertEqual(self.git("-C", self.root, "status", "--porcelain"), "")
        self.assertRegex(self.fluentsync("verify", self.root).stdout, rb"\Aclean: 1 entity, 1 file, 1 in HEAD\n")
        head = self.git("-C", self.root, "rev-parse", "HEAD")
        self.fluentsync("sync", self.root)
        self.assertEqual(self.git("-C", self.root, "rev-parse", "HEAD"), head)
        self.assertEqual(self.json("status", self.root)["git"]["head"], head)

    def test_a_lock_left_on_gits_index_is_told_trap_28(self):
        self.fluentsync("init", self.root)
        lock = self.root / ".git" / "index.lock"
        lock.touch()
        os.utime(lock, (1, 1))
        self.put(self.root, "note", "a", "text\n")
        done = self.fluentsync("sync", self.root)
        self.assertIn(b"in step: ", done.stdout)
        self.assertIn(f"{lock} locks it", done.stderr)
        lock.unlink()
        self.assertEqual(self.fluentsync("sync", self.root).stderr, "")
        self.assertEqual(self.git("-C", self.root, "status", "--porcelain"), "")

    def test_verify_lists_drift(self):
        self.fluentsync("init", self.root)
        self.put(self.root, "note", "a", "text\n")
        self.fluentsync("sync", self.root)
        (self.root / "note" / "a.md").write_bytes(b"edited, and nobody told\n")
        self.assertIn(b"note/a.md: ", self.fluentsync("verify", self.root, code=1).stdout)
        report = self.json("verify", self.root, code=1)
        self.assertFalse(report["clean"])
        self.assertIn("note/a.md", [drift["path"] for drift in report["drifts"]])
        self.fluentsync("sync", self.root)
        self.assertEqual(self.fluentsync("get", self.root, "note", "a").stdout, b"edited, and nobody told\n")
        self.fluentsync("verify", self.root)

    def test_held_files_do_not_stop_the_rest(self):
        self.fluentsync("init", self.root)
        (self.root / "note").mkdir()
        (self.root / "note" / "bad.md").write_bytes(b"\xff\xfe\n")
        (self.root / "note" / "half.md").write_bytes(b"---\na: [\n---\n")
        (self.root / "note" / "good.md").write_bytes(b"fine\n")
        os.symlink("/etc/hostname", self.root / "note" / "link.md")
        done = self.fluentsync("sync", self.root)
        held = {one["path"]: one for one in self.json("held", self.root)}
        self.assertEqual(set(held), {"note/bad.md", "note/half.md", "note/link.md"})
        for path, one in held.items():
            self.assertIn(f"held: {path}: ", done.stderr)
            self.assertTrue(one["reason"] and one["code"] and one["since"])
            self.assertEqual(one["carried"], path != "note/link.md")
        self.assertTrue(done.stdout.splitlines()[-1].startswith(b"in step: 1 entity, 3 held"), done.stdout)
        self.assertEqual([entity["id"] for entity in self.json("list", self.root)], ["good"])
        self.assertIn(b"note/half.md: ", self.fluentsync("held", self.root).stdout)
        self.fluentsync("verify", self.root)

    def test_no_name_turns_or_drives_a_terminal(self):
        self.fluentsync("init", self.root)
        note = os.fsencode(self.root / "note")
        os.mkdir(note)
        marks = "\u009b\u007f\u061c\u200e\u200f\u202e\u2066\u2028"
        for name in (b"\x9b2Jraw", *(f"{mark}marked".encode() for mark in marks), b"\xe2\x80"):
            with open(note + b"/" + name + b".md", "wb") as file:
                file.write(b"\xff\n")
        shown = [self.fluentsync("sync", self.root).stderr.encode(), self.fluentsync("held", self.root).stdout,
                 self.fluentsync("held", self.root, "--json").stdout]
        for text in shown:
            self.assertEqual([char for char in text.decode() if char in marks], [])
            self.assertIn(b"marked", text)
        paths = {one["path"] for one in json.loads(shown[2])}
        self.assertEqual({f"note/{mark}marked.md" for mark in marks} - paths, set())

    def test_a_guarded_deletion_waits_for_confirm(self):
        self.fluentsync("init", self.root)
        for number in range(10):
            self.put(self.root, "note", f"n{number}", f"{number}\n")
        self.fluentsync("sync", self.root)
        for number in range(8):
            (self.root / "note" / f"n{number}.md").unlink()

        def held_deletions():
            self.assertIn(self.sync_code(), (0, 1))
            return self.json("status", self.root)["directory"]["heldDeletions"] == 8

        self.eventually(held_deletions, "8 deletions held")
        self.assertEqual(len(self.json("list", self.root)), 10)
        self.assertEqual(self.fluentsync("confirm", self.root).stdout, b"8 deletions confirmed\n")
        self.eventually(lambda: self.sync_code() == 0 and len(self.json("list", self.root)) == 2, "2 left")
        self.fluentsync("verify", self.root)

    def sync_code(self):
        return subprocess.run(
            [program.PROGRAM, "sync", str(self.root)], capture_output=True, timeout=program.PATIENCE,
            env=program.environment(self.folder), check=False).returncode


class Remote(program.Case):
    def pair(self):
        """Two workspaces on one remote, with one entity and one plain file."""
        remote = self.bare_remote()
        self.other = self.folder / "other"
        self.fluentsync("init", self.root, "--remote", remote)
        self.put(self.root, "note", "a", "first\n")
        (self.root / "plain.txt").write_bytes(b"first\n")
        self.fluentsync("sync", self.root)
        self.fluentsync("init", self.other, "--remote", "remote.git")
        return remote

    def test_a_clone_has_it_all(self):
        remote = self.pair()
        self.assertEqual(self.fluentsync("get", self.other, "note", "a").stdout, b"first\n")
        self.assertEqual((self.other / "plain.txt").read_bytes(), b"first\n")
        config = json.loads((self.other / ".fluentsync" / "config.json").read_text())
        self.assertEqual(config["git"], {"autoSync": True, "autoPush": True, "remote": str(remote)})
        self.put(self.other, "note", "b", "second\n")
        self.fluentsync("sync", self.other)
        self.fluentsync("sync", self.root)
        self.assertEqual(self.fluentsync("get", self.root, "note", "b").stdout, b"second\n")
        heads = {self.git("-C", path, "rev-parse", "main") for path in (self.root, self.other, remote)}
        self.assertEqual(len(heads), 1)
        for root in (self.root, self.other):
            self.fluentsync("verify", root)
        self.assertEqual(self.json("status", self.root)["git"]["ahead"], 0)

    def conflicts_of_both(self):
        """Both sides change both; returns the records of the side that met them, by path."""
        self.pair()
        for root, text in ((self.root, "mine\n"), (self.other, "theirs\n")):
            self.put(root, "note", "a", text)
            (root / "plain.txt").write_text(text)
            self.fluentsync("sync", root)
        records = {record["path"]: record for record in self.json("conflicts", self.other)}
        self.assertEqual(set(records), {"note/a.md", "plain.txt"})
        self.assertRegex(self.fluentsync("conflicts", self.other).stdout, rb"(?m)^#\d+  note/a\.md  \w+ won over \w+  ")
        return records

    def test_resolve_takes_the_loser(self):
        records = self.conflicts_of_both()
        entity, plain = records["note/a.md"], records["plain.txt"]
        self.assertEqual({entity["winnerContent"], entity["loserContent"]}, {"mine\n", "theirs\n"})
        (self.other / "plain.txt").chmod(0o750)
        for record in (entity, plain):
            self.fluentsync("resolve", self.other, record["number"], "--take", "loser")
        self.assertEqual((self.other / "plain.txt").stat().st_mode & 0o777, 0o750)
        self.assertEqual(self.json("conflicts", self.other), [])
        self.assertEqual(self.fluentsync("get", self.other, "note", "a").stdout.decode(), entity["loserContent"])
        self.assertEqual((self.other / "plain.txt").read_text(), plain["loserContent"])
        self.fluentsync("sync", self.other)
        self.fluentsync("sync", self.root)
        self.assertEqual((self.root / "plain.txt").read_text(), plain["loserContent"])
        self.assertEqual((self.root / "note" / "a.md").read_text(), entity["loserContent"])
        for root in (self.root, self.other):
            self.fluentsync("verify", root)

    def test_resolve_takes_the_winner_or_a_file(self):
        records = self.conflicts_of_both()
        settled = self.folder / "settled"
        settled.write_text("both\n")
        self.fluentsync("resolve", self.other, records["note/a.md"]["number"], "--take", settled)
        self.assertEqual(self.fluentsync("get", self.other, "note", "a").stdout, b"both\n")
        plain = records["plain.txt"]
        (self.other / "plain.txt").write_text("edited since\n")
        self.refused("resolve", self.other, plain["number"], "--take", settled, code=5, says="changed since")
        self.assertEqual((self.other / "plain.txt").read_text(), "edited since\n")
        self.fluentsync("resolve", self.other, plain["number"], "--take", "winner")
        self.assertEqual(self.json("conflicts", self.other), [])

    def test_a_remote_that_is_not_there(self):
        self.refused("init", self.root, "--remote", "/no/such/repository.git", code=7, says="/no/such/repository.git")
        self.refused("list", self.root, code=3, says="no FluentSync workspace")
        # Said again in other words.
        self.fluentsync("init", self.root, "--remote", self.bare_remote())
        self.refused("init", self.root, "--remote", "/elsewhere.git", code=5, says="edit")

    def test_init_without_a_network_sets_up_all_else(self):
        (self.root / "note").mkdir(parents=True)
        (self.root / "note" / "a.md").write_bytes(b"text\n")
        dead = "http://127.0.0.1:1/x.git"
        done = self.fluentsync("init", self.root, "--remote", dead, code=7)
        self.assertIn(b"is ready: 1 entity", done.stdout)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(f"`fluentsync sync {self.root}` tries the remote again", done.stderr)
        self.put(self.root, "note", "b", "more\n")
        self.refused("sync", self.root, code=7, says="127.0.0.1")
        self.assertEqual({entity["id"] for entity in self.json("list", self.root)}, {"a", "b"})

    def test_a_server_that_wants_credentials_is_told_where_they_come_from(self):
        with locked_server() as url:
            done = self.fluentsync("init", self.root, "--remote", url, code=7)
            self.assertIn("wants credentials", done.stderr)
            self.assertIn("set FLUENTSYNC_USERNAME and FLUENTSYNC_PASSWORD", done.stderr)
            given = {"FLUENTSYNC_USERNAME": "me", "FLUENTSYNC_PASSWORD": "Sw0rdfish"}
            failed = self.fluentsync("sync", self.root, code=7, env=given)
            self.assertIn("refused the credentials", failed.stderr)
            self.assertIn("correct FLUENTSYNC_USERNAME and FLUENTSYNC_PASSWORD", failed.stderr)
            self.assertNotIn("Sw0rdfish", failed.stderr)

    def test_a_refused_option_leaves_nothing_behind(self):
        self.refused("init", self.root, "--remote", "ssh://host/x.git", code=2, says="ssh")
        self.assertFalse(self.root.exists())

    def test_no_token_is_written_or_shown_trap_31(self):
        remote = self.bare_remote()
        done = self.fluentsync("init", self.root, "--remote", f"file://me:Sw0rdfish@{remote}")
        self.assertIn("FLUENTSYNC_PASSWORD", done.stderr)
        self.put(self.root, "note", "a", "text\n")
        self.fluentsync("sync", self.root)
        dead = "http://me:Sw0rdfish@127.0.0.1:1/x.git"
        failed = self.fluentsync("init", self.folder / "two", "--remote", dead, code=7)
        for shown in (done.stdout.decode(), done.stderr, failed.stdout.decode(), failed.stderr):
            self.assertNotIn("Sw0rdfish", shown)
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        self.assertIn(self.root / ".fluentsync" / "config.json", files)
        for path in files:
            self.assertNotIn(b"Sw0rdfish", path.read_bytes(), path)


if __name__ == "__main__":
    program.main()
