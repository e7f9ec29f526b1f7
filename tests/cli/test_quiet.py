#!/usr/bin/env python3
"""`run` as the kernel sees it, under strace: a minute at rest, and one change among many files.

usage: test_quiet.py PROGRAM            FLUENTSYNC_QUIET_SECONDS=60: how long the rest is looked at
"""

import os
import re
import shutil
import subprocess
import time
import unittest

import program

SECONDS = int(os.environ.get("FLUENTSYNC_QUIET_SECONDS", "60"))
# The rest begins when nothing has been called for so long.
STILL = 5

# Calls that change something, and opens that could.
CHANGES = re.compile(r"^\d+ +[\d.]+ +(?:unlink|rename|link|symlink|mkdir|rmdir|truncate|ftruncate|f?chmod|f?chown|utime|"
                     r"fallocate|copy_file_range|creat|pwrite|writev|sendfile|mknod|fsync|fdatasync|sync)\w*\(")
OPENS = re.compile(r"^\d+ +[\d.]+ +open(?:at2?)?\(.*\b(?:O_CREAT|O_TRUNC|O_WRONLY)\b")
# A write that wakes another thread of the same process.
WRITES = re.compile(r"^\d+ +[\d.]+ +write\((?!\d+<anon_inode:\[eventfd\]>|\d+<pipe:|1<|2<)")
BEGINS = re.compile(r"\d+ +(\d+\.\d+) ")
PROCESSES = re.compile(r"^\d+ +[\d.]+ +(?:execve|fork|vfork)\w*\(")


def changes_in(lines):
    return [line for line in lines if CHANGES.search(line) or OPENS.search(line) or WRITES.search(line)]


def strace_works():
    if not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], check=False, capture_output=True).returncode == 0


@unittest.skipUnless(strace_works(), "needs strace, and the right to trace")
class Traced(program.Case):
    def traced(self, root, *filters):
        trace = root.with_suffix(".trace")
        running = program.Running(
            self, root, "--json",
            under=["strace", "-f", "-ttt", "-y", "-s", "0", "-E", "ASAN_OPTIONS=detect_leaks=0", "-o", trace, *filters])
        return running, trace

    def workspace(self, name, *words):
        root = self.folder / name
        self.fluentsync("init", root, *words)
        self.put(root, "note", "a", "text\n")
        (root / "picture.png").write_bytes(b"bytes")
        self.fluentsync("sync", root)
        return root

    def at_rest(self, *traces):
        """Waits until no trace grows any more; returns their lengths."""
        before, since = None, time.monotonic()
        end = time.monotonic() + program.PATIENCE
        while time.monotonic() - since < STILL:
            self.assertLess(time.monotonic(), end, "it never comes to rest")
            sizes = [trace.stat().st_size for trace in traces]
            if sizes != before:
                before, since = sizes, time.monotonic()
            time.sleep(0.1)
        return before

    def lines_since(self, trace, size):
        with open(trace, encoding="utf-8", errors="replace") as file:
            file.seek(size)
            return file.read().splitlines()


class Quiet(Traced):
    def test_a_minute_at_rest_trap_01_trap_05(self):
        alone = self.workspace("alone")
        remote = self.bare_remote()
        pulling = self.workspace("pulling", "--remote", remote)
        interval = max(1, SECONDS // 4)
        config = pulling / ".fluentsync" / "config.json"
        config.write_text(config.read_text().replace('"autoSync"', f'"syncInterval": {interval}, "autoSync"'))
        runs = {root: self.traced(root) for root in (alone, pulling)}
        for root, (running, _) in runs.items():
            (root / "note" / "woken.md").write_text("text\n")
            running.event("git:committed")
        trace, other = runs[alone][1], runs[pulling][1]
        (size,) = self.at_rest(trace)
        other_size = other.stat().st_size
        told = len(runs[pulling][0].told)
        time.sleep(SECONDS)  # The minute itself.
        # Nothing but the wait: it began before, and a call that has not returned is no line.
        self.assertEqual(self.lines_since(trace, size), [])
        # With a remote, every interval a look at it, which changes nothing.
        lines = self.lines_since(other, other_size)
        self.assertTrue(changes_in(self.lines_since(other, 0)), "the trace shows what there is to see")
        looks = [event["event"] for event in runs[pulling][0].events()[told:]]
        self.assertLessEqual(set(looks), {"sync:completed", "git:fetched"})
        self.assertTrue(looks and lines, "the interval's look was seen")
        self.assertLessEqual(looks.count("sync:completed"), SECONDS // interval + 1)
        self.assertEqual(changes_in(lines), [])
        times = [float(begun.group(1)) for begun in map(BEGINS.match, lines) if begun]  # The first may be half a line.
        pauses = [after - before for before, after in zip(times, times[1:]) if after - before > interval / 4]
        self.assertGreaterEqual(len(pauses), looks.count("sync:completed") - 1, "between two looks nothing wakes up")
        for running, _ in runs.values():
            self.assertEqual(running.stop(), 0)
        print(f"{SECONDS} s at rest: 0 calls alone; {looks.count('sync:completed')} looks at the remote every "
              f"{interval} s, {len(lines)} lines of trace, 0 of them changes, {len(pauses)} long pauses")

    def test_one_change_among_many_trap_45(self):
        many = 2000
        root = self.workspace("many")
        for number in range(many):
            (root / "note" / f"n{number}.md").write_text(f"{number}\n")
        self.fluentsync("sync", root)
        running, trace = self.traced(root, "-e", "trace=%file,%process,getdents64")
        (root / "note" / "first.md").write_text("first\n")
        running.event("git:committed")
        (size,) = self.at_rest(trace)
        (root / "note" / "n7.md").write_text("changed\n")
        running.event("entity:updated", id="n7")
        running.event("git:committed")
        self.at_rest(trace)
        lines = self.lines_since(trace, size)
        self.assertTrue(any("n7.md" in line for line in lines), "the trace shows the change")
        self.assertEqual([line for line in lines if PROCESSES.search(line)], [])
        others = {name for line in lines for name in re.findall(r"note/n\d+\.md", line)} - {"note/n7.md"}
        self.assertLess(len(others), many // 10, "work is proportional to the change")
        self.assertEqual(running.stop(), 0)


if __name__ == "__main__":
    program.main()
