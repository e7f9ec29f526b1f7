"""A workspace that `run` keeps in step in another process, and the proof afterwards that nothing was lost."""

import hashlib
import json
import os

import program


def blob_id(text):
    """What git calls this content."""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class RunCase(program.Case):
    """Notes a, b, c and company, so that single deletions stay within the guard; no remote."""

    commit_debounce = 50

    def setUp(self):
        super().setUp()
        self.fluentsync("init", self.root)
        self.configure(syncDebounce=20, commitDebounce=self.commit_debounce)
        self.expected = {}
        for name in ["a", "b", "c", *(f"company{number}" for number in range(10))]:
            self.expected[f"note/{name}.md"] = f"---\ntitle: {name}\n---\nfirst text of {name}\n"
            self.put(self.root, "note", name, self.expected[f"note/{name}.md"])
        self.fluentsync("sync", self.root)
        self.running = program.Running(self, self.root, "--json")
        self.fences = 0
        self.fence()  # It runs, and watches.

    def configure(self, syncDebounce, commitDebounce):
        path = self.root / ".fluentsync" / "config.json"
        config = json.loads(path.read_text())
        config["directory"]["syncDebounce"] = syncDebounce
        config["git"]["commitDebounce"] = commitDebounce
        path.write_text(json.dumps(config))

    def file(self, path):
        return self.root / path

    def entities(self):
        """Paths to what `list` says."""
        return {f"{one['type']}/{one['id']}.md": one for one in self.json("list", self.root)}

    def fence(self):
        """A file of no meaning goes in; when it is committed, what came before it has been looked at."""
        self.fences += 1
        path = f"fence/{self.fences}.md"
        self.expected[path] = f"fence {self.fences}\n"
        self.file(path).parent.mkdir(exist_ok=True)
        self.file(path).write_text(self.expected[path])
        self.running.event("file:imported", path=path)
        self.running.until(lambda: path in self.committed(), f"{path} in a commit")

    def committed(self):
        """Paths of HEAD to the ids of their contents."""
        lines = self.git("-C", self.root, "ls-tree", "-r", "-z", "HEAD").split("\0")
        return {line.split("\t", 1)[1]: line.split("\t")[0].split(" ")[2] for line in lines if line}

    def arrives(self, path, text):
        """Waits until the store has this content under this path."""
        self.expected[path] = text
        self.running.until(lambda: self.entities().get(path, {}).get("hash") == blob_id(text), f"{path} in the store")

    def is_deleted(self, path):
        del self.expected[path]
        self.running.until(lambda: path not in self.entities(), f"{path} gone from the store")

    def finish(self, beside=(), drift=b""):
        """Ends the run; then store, files and HEAD hold exactly what is expected. `beside`: plain files that git
        carries too. `drift`: what verify says of a person's staged work."""
        self.assertEqual(self.running.stop(), 0)
        self.fluentsync("sync", self.root)
        verified = self.fluentsync("verify", self.root, code=1 if drift else 0)
        if drift:
            self.assertEqual(verified.stdout, drift)
        wanted = {path: blob_id(text) for path, text in self.expected.items()}
        self.assertEqual({path: blob_id(self.file(path).read_text()) for path in wanted}, wanted)
        self.assertEqual({path: entity["hash"] for path, entity in self.entities().items()}, wanted)
        committed = self.committed()
        self.assertEqual({path: committed.pop(path, "") for path in wanted}, wanted)
        self.assertEqual(set(committed), set(beside))
        self.assertEqual(self.json("held", self.root), [])
        self.assertEqual(self.json("conflicts", self.root), [])
        self.git("-C", self.root, "fsck", "--strict", "--no-dangling")
        self.assertEqual(os.listdir(self.root / ".fluentsync" / "tmp"), [])

    def paths_told(self, *names):
        return {event.get("path", "") for event in self.running.events() if not names or event["event"] in names}
