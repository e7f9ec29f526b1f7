"""Which standard headers a header of ours wants for the names of std that it uses, and has not."""

import re
from pathlib import Path

# Each name, and the headers of which one must be there. Names that nearly every header brings are left out.
HOMES = {
    "string": ["string"], "string_view": ["string_view", "string"], "vector": ["vector"], "map": ["map"],
    "set": ["set"], "deque": ["deque"], "array": ["array"], "bitset": ["bitset"], "unordered_map": ["unordered_map"],
    "unordered_set": ["unordered_set"], "optional": ["optional"], "nullopt": ["optional"], "variant": ["variant"],
    "tuple": ["tuple"], "function": ["functional"], "shared_ptr": ["memory"], "unique_ptr": ["memory"],
    "weak_ptr": ["memory"], "enable_shared_from_this": ["memory"], "chrono": ["chrono"], "atomic": ["atomic"],
    "mutex": ["mutex"], "unique_lock": ["mutex"], "lock_guard": ["mutex"], "once_flag": ["mutex"],
    "condition_variable": ["condition_variable"], "thread": ["thread"], "future": ["future"], "promise": ["future"],
    "filesystem": ["filesystem"], "exception_ptr": ["exception"], "exception": ["exception", "stdexcept"],
    "runtime_error": ["stdexcept"], "error_code": ["system_error"], "clamp": ["algorithm"], "sort": ["algorithm"],
    "exchange": ["utility"], "span": ["span"], "ostream": ["ostream", "iosfwd", "iostream"],
    **{f"{sign}int{bits}_t": ["cstdint"] for sign in ("", "u") for bits in (8, 16, 32, 64)},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r"//.*?$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"\bstd::(\w+)")


class StandardIncludes:
    def __init__(self, folders):
        self.folders = [Path(folder) for folder in folders]
        self.known = {}

    def text(self, name):
        for folder in self.folders:
            if (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8")
        return None

    def reached(self, name):
        """The headers that are not ours that a header of ours brings, itself or by others of ours."""
        if name not in self.known:
            self.known[name] = set()
            for included in INCLUDE.findall(self.text(name) or ""):
                ours = self.text(included) is not None
                self.known[name] |= self.reached(included) if ours else {included}
        return self.known[name]

    def missing(self, name):
        """As lines "std::string wants <string>"."""
        used = sorted(set(NAME.findall(COMMENT.sub("", self.text(name)))))
        return [f"std::{word} wants <{HOMES[word][0]}>" for word in used
                if word in HOMES and not self.reached(name) & set(HOMES[word])]

    def all_standard(self, names):
        """The standard C++ headers that any of these headers brings."""
        return sorted({header for name in names for header in self.reached(name) if re.fullmatch("[a-z_]+", header)})
