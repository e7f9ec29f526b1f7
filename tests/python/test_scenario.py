"""What the C API's hosts do in every language, from Python."""

import http.server
import sys
import threading
import unittest

import fluentsync
from fluentsync import Code, EventKind
from support import Case


class Locked(http.server.BaseHTTPRequestHandler):
    """A server that wants other credentials, whoever asks."""

    def do_GET(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="test"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Scenario(Case):
    def test_a_store_write_reaches_the_remote(self):
        remote = self.bare_remote()
        options = self.options(remote=remote, autoSync=True, autoPush=True, commitDebounce=5)
        with fluentsync.Workspace(options) as brain, brain.events() as events:
            brain.start()
            result = brain.store.put("note", "hello", "# Hello\n")
            self.assertEqual((result.changed, result.created, result.version), (True, True, 1))
            pushed = self.expect(events, EventKind.GIT_PUSHED)
            self.assertEqual(self.git("show", "main:note/hello.md", cwd=remote), "# Hello")
            self.assertEqual(self.git("rev-parse", "main", cwd=remote), pushed.commit)
            self.assertEqual(pushed.origin, "")  # No entity's change.

    def test_a_push_to_the_remote_reaches_the_store_and_is_told(self):
        remote = self.bare_remote()
        with fluentsync.Workspace(self.options(remote=remote)) as brain:
            brain.store.put("note", "hello", "# Hello\n")
            brain.sync()
            with brain.events() as events:
                self.push_as_bob(remote, "note/from-bob.md", "---\ntitle: Bob's\n---\n\nHello.\n")
                pulled = brain.git.pull()
                self.assertEqual((pulled.files, pulled.merged), (1, False))
                event = self.expect(events, EventKind.ENTITY_CREATED, id="from-bob")
                self.assertEqual((event.name, event.type, event.origin), ("entity:created", "note", "remote"))
            entity = brain.store.get("note", "from-bob")
            self.assertEqual(entity.metadata, {"title": "Bob's"})

    def test_a_conflict_is_listed_and_resolved(self):
        remote = self.bare_remote()
        with fluentsync.Workspace(self.options(remote=remote, conflictPolicy="preferLocal")) as brain:
            brain.store.put("note", "hello", "One.\n")
            brain.sync()
            with brain.events() as events:
                self.push_as_bob(remote, "note/hello.md", "One, as Bob wants it.\n")
                brain.store.put("note", "hello", "One, as Ada wants it.\n")
                brain.sync()
                told = self.expect(events, EventKind.CONFLICT_DETECTED)
                [conflict] = brain.store.conflicts()
                self.assertEqual((conflict.number, conflict.path), (told.number, "note/hello.md"))
                self.assertEqual((conflict.winner_side, conflict.loser_side), ("local", "remote"))
                self.assertEqual(conflict.winner_content, b"One, as Ada wants it.\n")
                self.assertEqual(conflict.loser_content, b"One, as Bob wants it.\n")
                brain.store.take_loser(conflict.number)
                self.expect(events, EventKind.CONFLICT_RESOLVED, number=conflict.number)
            self.assertEqual(brain.store.get("note", "hello").content, "One, as Bob wants it.\n")
            self.assertEqual(brain.store.conflicts(), [])
            self.assertTrue(brain.store.conflict(conflict.number).resolved)
            self.assertIsNone(brain.store.conflict(conflict.number + 1))
            brain.sync()
            self.assertTrue(brain.verify().clean)
            self.assertEqual(self.git("show", "main:note/hello.md", cwd=remote), "One, as Bob wants it.")

    def test_a_mass_deletion_is_held_until_confirmed(self):
        with fluentsync.Workspace(self.options(autoSync=False)) as brain, brain.events() as events:
            changed = brain.store.put_all([("note", str(i), f"Note {i}.\n") for i in range(10)])
            self.assertEqual(changed, 10)
            brain.sync()
            for i in range(8):
                (self.folder / "brain" / "note" / f"{i}.md").unlink()
            brain.directory.import_all()
            self.expect(events, EventKind.DELETION_HELD, count=8)
            self.assertEqual(brain.status().directory.held_deletions, 8)
            self.assertEqual(brain.store.count({"type": "note"}), 10)
            self.assertEqual(brain.store.confirm_deletions(), 8)
            brain.sync()
            self.assertEqual(brain.store.count(), 2)
            self.assertEqual(brain.status().directory.held_deletions, 0)

    def test_a_bad_option_gives_the_typed_error(self):
        options = self.options()
        options["directory"]["syncPth"] = "brain"
        with self.refused(fluentsync.InvalidOptionsError, Code.INVALID_OPTIONS, "syncPath"):
            fluentsync.Workspace(options)
        with self.refused(fluentsync.FluentSyncError, Code.INVALID_OPTIONS, "syncPth"):
            fluentsync.check_options(options)
        with self.assertRaises(ValueError):
            fluentsync.check_options(options)
        fluentsync.check_options(self.options())

    def test_what_a_credentials_callback_raises_ends_the_error(self):
        usual, sys.unraisablehook = sys.unraisablehook, lambda _: None
        self.addCleanup(setattr, sys, "unraisablehook", usual)

        def ask(_):
            raise LookupError("the keyring is locked")

        with http.server.HTTPServer(("127.0.0.1", 0), Locked) as server:
            serving = threading.Thread(target=server.serve_forever)
            serving.start()
            try:
                options = self.options(remote=f"http://127.0.0.1:{server.server_port}/x.git")
                with fluentsync.Workspace(options, credentials=ask) as brain:
                    with self.assertRaisesRegex(fluentsync.RemoteError, "LookupError: the keyring is locked") as told:
                        brain.sync()
                    self.assertEqual(told.exception.code, Code.AUTHENTICATION)
            finally:
                server.shutdown()
                serving.join()

    def test_the_three_classes_one_by_one_on_one_loop(self):
        remote = self.bare_remote()
        with fluentsync.Loop() as loop, fluentsync.Store(self.store_options(), loop) as store:
            with fluentsync.Directory(store, self.options()["directory"]) as directory:
                with fluentsync.Git(directory, {"remote": remote, "authorName": "Ada"}) as git:
                    store.put("note", "hello", "# Hello\n")
                    commit = git.commit("First")
                    self.assertEqual((len(commit.commit), commit.files), (40, 1))
                    push = git.push()
                    self.assertEqual((push.outcome, push.commit), ("pushed", commit.commit))
                    status = git.status()
                    self.assertEqual((status.branch, status.head, status.ahead), ("main", commit.commit, 0))
                self.assertTrue(directory.status().root_verified)
        self.assertEqual(self.git("log", "--format=%s by %an", "main", cwd=remote), "First by Ada")


if __name__ == "__main__":
    unittest.main(verbosity=2)
