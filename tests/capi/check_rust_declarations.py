#!/usr/bin/env python3
"""Compares the Rust declarations of the C API with the header: functions with their types, constants, callbacks.

usage: check_rust_declarations.py HEADER RUST_SOURCE_DIR
Prints one line for each difference and exits 1 when there is any.
"""

import re
import sys
from pathlib import Path

SIMPLE = {
    "void": "()",
    "int": "c_int",
    "int64_t": "i64",
    "size_t": "usize",
    "void*": "*mut c_void",
    "const char*": "*const c_char",
    "size_t*": "*mut usize",
    "int64_t*": "*mut i64",
    "int*": "*mut c_int",
    "struct uv_loop_s*": "*mut uv_loop_s",
}


def rust_type(c_type, callbacks):
    """How Rust spells a type of the header."""
    if c_type in SIMPLE:
        return SIMPLE[c_type]
    if c_type in callbacks:
        return f"Option<{c_type}>"
    match = re.fullmatch(r"(const )?(fluentsync_\w+)(\*\*?)", c_type)
    if not match:
        raise ValueError(f"unknown C type: {c_type}")
    constant, name, stars = match.groups()
    return ("*mut " if stars == "**" else "") + ("*const " if constant else "*mut ") + name


def c_parameters(text, callbacks):
    text = " ".join(text.split())
    if text == "void":
        return []
    return [rust_type(re.fullmatch(r"(.*?) ?\w+", each.strip())[1], callbacks) for each in text.split(",")]


def c_declarations(text):
    """name -> what is declared, in Rust's words."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"(?m)^\s*#(?:\\\n|[^\n])*", "", text)
    found = {}
    typedefs = re.findall(r"typedef (\w+) \(\*(\w+)\)\(([^)]*)\);", text)
    callbacks = {name for _, name, _ in typedefs}
    for result, name, parameters in typedefs:
        found[name] = (c_parameters(parameters, callbacks), rust_type(result, callbacks))
    for result, name, parameters in re.findall(r"FLUENTSYNC_API\s+([^;]+?)\s*(\w+)\(([^)]*)\);", text):
        found[name] = (c_parameters(parameters, callbacks), rust_type(" ".join(result.split()), callbacks))
    for name in re.findall(r"typedef struct (\w+) \1;", text):
        found[name] = "opaque"
    for body in re.findall(r"enum \w+ \{([^}]*)\}", text):
        found.update(re.findall(r"(\w+) = (\d+)", body))
    return found


def rust_declarations(text):
    text = re.sub(r"//[^\n]*", "", text)
    found = {}
    pattern = r'(?:pub fn (\w+)|pub type (\w+) =\s*unsafe extern "C" fn)\(([^)]*)\)(?:\s*->\s*([^;]+))?;'
    for function, callback, parameters, result in re.findall(pattern, text):
        types = [" ".join(each.split(":", 1)[1].split()) for each in parameters.split(",") if each.strip()]
        found[function or callback] = (types, result or "()")
    for body in re.findall(r"opaque! \{([^}]*)\}", text):
        found.update((name, "opaque") for name in body.split())
    found.update(re.findall(r"pub const (\w+): c_int = (\d+);", text))
    return found


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    header = c_declarations(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sources = sorted(Path(sys.argv[2]).rglob("*.rs"))
    rust = rust_declarations("\n".join(path.read_text(encoding="utf-8") for path in sources))
    rust.pop("uv_loop_s", None)
    if len(header) < 100:
        print(f"only {len(header)} declarations found in {sys.argv[1]}: this check no longer reads it")
        return 1
    differences = 0
    for name in sorted(header.keys() | rust.keys()):
        if header.get(name) != rust.get(name):
            differences += 1
            print(f"{name}: the header has {header.get(name)}, Rust {rust.get(name)}")
    if not differences:
        print(f"{len(header)} declarations agree")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
