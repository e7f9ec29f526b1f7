"""What ctypes believes of each function, beside what the header declares. usage: HEADER in the environment."""

import ctypes
import os
import re
import unittest
from pathlib import Path

import fluentsync
from fluentsync import _call, _library

HEADER = Path(os.environ["FLUENTSYNC_HEADER"]).read_text(encoding="utf-8")
# Lending a loop is for hosts that have one of libuv's. Python programs poll a queue's descriptor instead.
NOT_FOR_PYTHON = {"fluentsync_loop_lend"}

SCALARS = {
    "void": "none", "int": "int", "int64_t": "int64", "size_t": "size", "const char*": "text", "void*": "pointer",
    "int*": "int*", "int64_t*": "int64*", "size_t*": "size*", "fluentsync_free_function": "pointer",
    "fluentsync_task": "function 1", "fluentsync_ready_callback": "function 1",
    "fluentsync_events_callback": "function 2", "fluentsync_credentials_callback": "function 2",
    "fluentsync_transaction_callback": "int function 2",
}


def of_header(kind):
    kind = re.sub(r"\s*\*\s*", "*", kind.strip())
    if kind in SCALARS:
        return SCALARS[kind]
    return {1: "pointer", 2: "pointer*"}[kind.count("*")]


def of_ctypes(kind):
    plain = {
        None: "none", ctypes.c_int: "int", ctypes.c_int64: "int64", ctypes.c_size_t: "size", ctypes.c_char_p: "text",
        ctypes.c_void_p: "pointer",
    }
    if kind in plain:
        return plain[kind]
    if issubclass(kind, ctypes._CFuncPtr):
        return ("int " if kind._restype_ else "") + f"function {len(kind._argtypes_)}"
    return plain[kind._type_] + "*"


def declared():
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", HEADER, flags=re.DOTALL)
    for result, name, arguments in re.findall(r"FLUENTSYNC_API\s+([\w\s*]+?)(\w+)\(([^)]*)\);", text):
        kinds = [re.sub(r"\w+$", "", argument.strip()) for argument in arguments.split(",")]
        yield name, [of_header(result), *map(of_header, kinds if arguments != "void" else [])]


def believed(name):
    for library in (_call.library, _call.memory):
        function = vars(library).get(name)
        if function is not None and function.argtypes is not None:
            return [of_ctypes(function.restype), *map(of_ctypes, function.argtypes)]
    return None


class Signatures(unittest.TestCase):
    def test_each_is_as_the_header_says(self):
        header = dict(declared())
        self.assertGreater(len(header), 130)
        for name, kinds in header.items():
            if name in NOT_FOR_PYTHON:
                continue
            found = believed(name)
            self.assertIsNotNone(found, f"{name} is not declared")
            # Contents are read by address and length, because they may hold NUL.
            if kinds[0] == "text" and found[0] == "pointer":
                found[0] = "text"
            self.assertEqual(found, kinds, name)

    def test_codes_and_kinds_are_those_of_the_header(self):
        for prefix, names, kind in (
            ("", r"enum fluentsync_code \{(.*?)\};", fluentsync.Code),
            ("EVENT_", r"enum fluentsync_kind \{(.*?)\};", fluentsync.EventKind),
        ):
            listed = re.search(names, HEADER, re.DOTALL).group(1)
            numbers = {name: int(number) for name, number in re.findall(rf"FLUENTSYNC_{prefix}(\w+) = (\d+)", listed)}
            ours = {name: member.value for name, member in kind.__members__.items() if member >= 0}
            self.assertEqual(ours, numbers)


class Loading(unittest.TestCase):
    def test_versions(self):
        for version, usable in (("0.1.0", True), ("0.1.7", True), ("0.12.0", True), ("0.0.9", False), ("1.0.0", False)):
            self.assertEqual(_library.is_usable(version), usable, version)
        self.assertTrue(_library.is_usable(fluentsync.library_version()))

    def test_another_library_is_refused_by_name(self):
        with self.assertRaisesRegex(ImportError, "libc.so.6 is not FluentSync's C library"):
            _library.check_version(ctypes.CDLL("libc.so.6"), "libc.so.6")

    def test_the_environment_comes_first(self):
        before = os.environ.get("FLUENTSYNC_LIBRARY")
        os.environ["FLUENTSYNC_LIBRARY"] = "/nowhere/lib.so"
        try:
            self.assertEqual(list(_library.candidates()), ["/nowhere/lib.so"])
            with self.assertRaisesRegex(ImportError, "/nowhere/lib.so.*FLUENTSYNC_LIBRARY"):
                _library.load()
        finally:
            if before is None:
                del os.environ["FLUENTSYNC_LIBRARY"]
            else:
                os.environ["FLUENTSYNC_LIBRARY"] = before


if __name__ == "__main__":
    unittest.main(verbosity=2)
