"""Planted bugs: what a patch file of this folder says, and whether it still fits the tree.

Above its first "diff --git" a patch has lines "Name: value":
  Promise:    which promise of the design it breaks ("3 whole: ..."), and how, in a sentence
  Caught-by:  the test program that must fail (its build target and its name in ctest), and its arguments: for Catch2 the
              pattern of the test cases' names, for the simulation its options, for one of Python's the names of its tests
  Hangs:      (only where hanging is the sign) the seconds after which the test, done long before without the patch, does
"""

import fnmatch
import os
import re
import shlex
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
FIELDS = ("Promise", "Caught-by")
# By number; what the project has promised to keep.
PROMISES = dict(enumerate((
    "durable", "nothing lost", "whole", "no clobber", "guarded", "converges", "quiet", "no echo", "non-blocking",
    "confined", "secret", "faithful", "loud", "bounded",
), start=1))
# A planted bug is one of the library, never of its tests.
MAY_CHANGE = ("src/", "include/", "capi/src/")

STRING = r'"(?:[^"\\]|\\.)*"'
CASE = re.compile(rf"\bTEST_CASE\w*\s*\(\s*(?:\w+\s*,\s*)?({STRING}(?:\s*{STRING})*)")
# What ends a name in a pattern of Catch2, which knows a * at both ends alone.
PATTERN_MARKS = re.compile(r"[\[\],~\\]|(?<!^)\*(?!$)")


# Tests in Python of the real program: the build targets that they are given.
PYTHON_TESTS = {
    "cli_quiet": ("fluentsync_cli",),
    "fault_live": ("fluentsync_cli", "fault_shim"),
    "fault_root": ("fluentsync_cli",),
}


class BadPatch(Exception):
    pass


class Patch:
    def __init__(self, path):
        self.path = path
        self.name = path.stem
        head, mark, _ = path.read_text(encoding="utf-8").partition("diff --git ")
        if not mark:
            raise BadPatch(f"{self.name}: no diff --git in it")
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        for field in FIELDS:
            if not fields.get(field, "").strip():
                raise BadPatch(f"{self.name}: no line {field}: above the diff")
        self.promise = fields["Promise"].strip()
        words = re.match(r"(\d+) ([\w -]+): ", self.promise)
        if not words:
            raise BadPatch(f"{self.name}: Promise: begins with no number and name of a promise")
        self.promise_number, self.promise_name = int(words[1]), words[2]
        if PROMISES.get(self.promise_number) != self.promise_name:
            raise BadPatch(f"{self.name}: Promise: there is no promise \"{words[1]} {words[2]}\"")
        self.caught_by = fields["Caught-by"].strip()
        self.target, *self.arguments = shlex.split(self.caught_by)
        self.hangs = float(fields["Hangs"]) if "Hangs" in fields else None

    @property
    def is_simulation(self):
        return self.target == "simulation"

    @property
    def is_python(self):
        return self.target in PYTHON_TESTS

    @property
    def build_targets(self):
        return PYTHON_TESTS.get(self.target, (self.target,))

    def files(self):
        text = self.path.read_text(encoding="utf-8")
        return re.findall(r"^diff --git a/(\S+) b/\S+$", text, re.MULTILINE)

    def apply(self, tree, *options):
        """None, or what git says against it."""
        # Without the ceiling git would take the paths from the top of a repository around the tree.
        environment = dict(os.environ, GIT_CEILING_DIRECTORIES=str(Path(tree).parent))
        done = subprocess.run(
            ["git", "apply", *options, str(self.path)], cwd=tree, env=environment, capture_output=True, text=True
        )
        return None if done.returncode == 0 else done.stderr.strip()


def load(names=()):
    """The patches of these names, or all."""
    paths = [FOLDER / f"{name.removesuffix('.patch')}.patch" for name in names] or sorted(FOLDER.glob("*.patch"))
    for path in paths:
        if not path.is_file():
            raise BadPatch(f"there is no patch {path.name} in {FOLDER}")
    return [Patch(path) for path in paths]


def sources_of(root, target):
    kind, _, rest = target.partition("_")
    if kind in ("unit", "simulation"):
        return sorted((root / "tests" / kind / rest).glob("*.cpp"))
    return [path for path in [root / "tests" / kind / f"test_{rest}.cpp"] if path.is_file()]


def cases_of(root, target):
    for path in sources_of(root, target):
        for match in CASE.finditer(path.read_text(encoding="utf-8")):
            yield "".join(literal[1:-1] for literal in re.findall(STRING, match.group(1)))


def python_source(root, target):
    kind, _, rest = target.partition("_")
    return root / "tests" / kind / f"test_{rest}.py"


def faults_of_python(root, patch):
    source = python_source(root, patch.target)
    text = source.read_text(encoding="utf-8") if source.is_file() else ""
    if not patch.arguments:
        yield f"{patch.target}: name the test that must fail"
    for name in patch.arguments:
        if f"def {name.rpartition('.')[2]}(" not in text:
            yield f"{patch.target} has no test {name}"


def faults(root, patch):
    """What keeps the patch from meaning anything."""
    refused = patch.apply(root, "--check")
    if refused:
        yield f"does not apply: {refused.splitlines()[0]}"
    for file in patch.files():
        if not file.startswith(MAY_CHANGE):
            yield f"changes {file}, which is not the library's"
    if patch.is_simulation:
        if not (root / "tests" / "simulation" / "CMakeLists.txt").is_file():
            yield "there is no simulation"
        return
    if patch.is_python:
        yield from faults_of_python(root, patch)
        return
    if not sources_of(root, patch.target):
        yield f"there is no test program {patch.target}"
    for pattern in patch.arguments:
        if PATTERN_MARKS.search(pattern):
            yield f'"{pattern}": no , [ ] ~ \\ in a pattern, and * at its ends alone'
        elif not any(fnmatch.fnmatchcase(name, pattern) for name in cases_of(root, patch.target)):
            yield f'{patch.target} has no test case "{pattern}"'
