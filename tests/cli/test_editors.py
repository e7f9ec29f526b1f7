#!/usr/bin/env python3
"""Editors and tools at work in a folder that `run` keeps in step: each save is an edit of its file, nothing else."""

import os
import shutil
import subprocess
import unittest

import program
from workspace_run import RunCase


def write(path, text, flags=os.O_WRONLY | os.O_CREAT | os.O_TRUNC):
    """As an editor writes: in two pieces, then to the disk."""
    file = os.open(path, flags, 0o644)
    try:
        data = text.encode()
        os.write(file, data[: len(data) // 2])
        os.write(file, data[len(data) // 2 :])
        os.fsync(file)
    finally:
        os.close(file)


# Each pattern is what the editor asks of the kernel, in order (read off strace). It yields where it may take its
# time: there the file is whole, and the editor's own files lie about.


def vim_backup_by_rename(path, text):
    """vim, backupcopy=no: a swap file, a probe of the folder, the old file becomes the backup, a new one is written."""
    swap, probe, backup = path.with_name(f".{path.name}.swp"), path.with_name("4913"), path.with_name(path.name + "~")
    write(swap, "b0VIM 9.0")
    yield
    os.close(os.open(probe, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o100644))
    os.unlink(probe)
    os.rename(path, backup)
    write(path, text)
    yield
    os.unlink(backup)
    os.unlink(swap)


def vim_backup_by_copy(path, text):
    """vim, backupcopy=yes: the backup is a copy, the file is cut and written in place."""
    swap, backup = path.with_name(f".{path.name}.swp"), path.with_name(path.name + "~")
    write(swap, "b0VIM 9.0")
    shutil.copyfile(path, backup)
    yield
    write(path, text)
    yield
    os.unlink(backup)
    os.unlink(swap)


def emacs_backup_by_rename(path, text):
    """emacs: a lock that is a link to nowhere, an auto-save file; the first backup stays beside the file."""
    lock, auto = path.with_name(f".#{path.name}"), path.with_name(f"#{path.name}#")
    os.symlink("me@machine.4711:1700000000", lock)
    write(auto, text)
    yield
    os.rename(path, path.with_name(path.name + "~"))
    write(path, text, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    yield
    os.unlink(auto)
    os.unlink(lock)


def emacs_backup_by_copy(path, text):
    """emacs, backup-by-copying, and precious files: a temporary is renamed over the file."""
    lock = path.with_name(f".#{path.name}")
    os.symlink("me@machine.4711:1700000000", lock)
    shutil.copy2(path, path.with_name(path.name + "~"))
    yield
    temporary = path.with_name(f".#{path.name}x1Y2z3")
    write(temporary, text)
    yield
    os.rename(temporary, path)
    os.unlink(lock)


def vscode_in_place(path, text):
    """VS Code: cut, then written."""
    os.truncate(path, 0)
    write(path, text, os.O_WRONLY)
    yield


def vscode_atomic(path, text):
    """VS Code where it saves atomically: a temporary beside the file, renamed over it."""
    temporary = path.with_name(path.name + ".vsctmp")
    write(temporary, text)
    yield
    os.rename(temporary, path)


def gnome_text_editor(path, text):
    """GLib's g_file_replace: a temporary with a random name, renamed over the file."""
    temporary = path.with_name(".goutputstream-X1Y2Z3")
    write(temporary, text)
    yield
    os.rename(temporary, path)


PATTERNS = [vim_backup_by_rename, vim_backup_by_copy, emacs_backup_by_rename, emacs_backup_by_copy, vscode_in_place,
            vscode_atomic, gnome_text_editor]


class Editors(RunCase):
    def save(self, pattern, path, text, slowly):
        """One save is one edit: the entity goes on, nothing else is told of, taken in or committed."""
        before = self.entities()[path]
        for _ in pattern(self.file(path), text):
            if slowly:
                self.fence()
        self.arrives(path, text)
        after = self.entities()[path]
        self.assertEqual(after["created"], before["created"])
        self.assertGreater(after["version"], before["version"])

    def test_every_pattern_is_an_edit_trap_12(self):
        for slowly in (False, True):
            for number, pattern in enumerate(PATTERNS):
                path = f"note/{'abc'[number % 3]}.md"
                with self.subTest(pattern.__name__, slowly=slowly):
                    self.save(pattern, path, f"---\ntitle: x\n---\n{pattern.__name__}, slowly: {slowly}\n", slowly)
        self.finish()
        self.assertEqual(self.paths_told("entity:deleted", "file:held", "deletion:held"), set())
        self.assertLessEqual(self.paths_told("file:imported"), set(self.expected))
        names = self.git("-C", self.root, "log", "--all", "--format=", "--name-only").split("\n")
        self.assertLessEqual({name for name in names if name}, set(self.expected), "no temporary in any commit")

    def test_saves_in_quick_succession_trap_12(self):
        for number in range(20):
            for pattern in PATTERNS:
                for _ in pattern(self.file("note/a.md"), f"{pattern.__name__} {number}\n"):
                    pass
        self.arrives("note/a.md", f"{PATTERNS[-1].__name__} 19\n")
        self.finish()
        self.assertEqual(self.paths_told("entity:deleted", "file:held"), set())
        self.assertLessEqual(self.paths_told("file:imported"), set(self.expected))

    @unittest.skipUnless(shutil.which("vim"), "needs vim")
    def test_vim_itself_trap_12(self):
        for copy in ("yes", "no"):
            for backup in ("backup", "nobackup"):
                text = f"vim wrote this, backupcopy={copy}, {backup}\n"
                subprocess.run(
                    ["vim", "-u", "NONE", "-N", "-es", "-c", f"set backupcopy={copy} {backup} swapfile", "-c",
                     f"%d | call setline(1, '{text.strip()}')", "-c", "wq", str(self.file("note/a.md"))],
                    check=True, timeout=program.PATIENCE, stdin=subprocess.DEVNULL,
                    env={**program.environment(self.folder), "TERM": "dumb"})
                self.arrives("note/a.md", text)
        self.finish()
        self.assertEqual(self.paths_told("entity:deleted", "file:held"), set())


class Tools(RunCase):
    def tool(self, *words):
        subprocess.run(list(map(str, words)), check=True, timeout=program.PATIENCE)

    def test_sed_and_cp(self):
        self.tool("sed", "-i", "s/first/second/", self.file("note/a.md"))
        self.arrives("note/a.md", self.expected["note/a.md"].replace("first", "second"))
        old = self.folder / "old.md"
        old.write_text("old, with an old time\n")
        os.utime(old, (1_000_000_000, 1_000_000_000))
        self.tool("cp", "-p", old, self.file("note/b.md"))
        self.arrives("note/b.md", "old, with an old time\n")
        self.tool("cp", "-p", old, self.file("note/copied.md"))
        self.arrives("note/copied.md", "old, with an old time\n")
        self.assertEqual(self.file("note/copied.md").stat().st_mtime, 1_000_000_000)
        # The same size and the same time, other bytes.
        old.write_text("OLD, with an old time\n")
        os.utime(old, (1_000_000_000, 1_000_000_000))
        self.tool("cp", "-p", old, self.file("note/copied.md"))
        self.arrives("note/copied.md", "OLD, with an old time\n")
        self.finish()
        self.assertEqual(self.paths_told("entity:deleted", "file:held"), set())

    @unittest.skipUnless(shutil.which("rsync"), "needs rsync")
    def test_rsync(self):
        source = self.folder / "source"
        source.mkdir()
        for number, mode in enumerate((["-rt"], ["-rt", "--inplace"], ["-rt", "--checksum"])):
            for name in ("a", "b", "new"):
                (source / f"{name}.md").write_text(f"{name} by rsync {number}\n")
                os.utime(source / f"{name}.md", (1_000_000_000 + number, 1_000_000_000 + number))
            self.tool("rsync", *mode, f"{source}/", self.file("note"))
            for name in ("a", "b", "new"):
                self.arrives(f"note/{name}.md", f"{name} by rsync {number}\n")
        self.finish()
        self.assertEqual(self.paths_told("entity:deleted", "file:held"), set())

    def test_a_folder_moved_in_out_and_about_trap_43(self):
        outside = self.folder / "batch"
        texts = {f"{name}.md": f"{name} in the batch\n" for name in ("x", "deep/y", "deep/er/z")}
        for name, text in texts.items():
            (outside / name).parent.mkdir(parents=True, exist_ok=True)
            (outside / name).write_text(text)
        self.tool("mv", outside, self.file("note/batch"))
        for name, text in texts.items():
            self.arrives(f"note/batch/{name}", text)
        self.tool("mv", self.file("note/batch"), self.file("note/renamed"))
        for name, text in texts.items():
            self.arrives(f"note/renamed/{name}", text)
        for name in texts:
            self.is_deleted(f"note/batch/{name}")
        self.tool("mv", self.file("note/renamed"), outside)
        for name, text in texts.items():
            self.is_deleted(f"note/renamed/{name}")
            self.assertEqual((outside / name).read_text(), text)
        self.tool("mv", outside, self.file("note/again"))
        for name, text in texts.items():
            self.arrives(f"note/again/{name}", text)
        self.finish()


if __name__ == "__main__":
    program.main()
