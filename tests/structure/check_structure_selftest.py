#!/usr/bin/env python3
"""Shows that check_structure.py notices each kind of breach: plants one at a time in a small house that is clean."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check_structure

CLEAN = {
    "capi/include/fluentsync/fluentsync.h": "#include <stddef.h>\n",
    "capi/node/src/addon.cpp": '#include "value.hpp"\n#include <node_api.h>\n',
    "capi/node/src/value.hpp": "#include <fluentsync/fluentsync.h>\n#include <string>\n",
    "capi/src/fence.hpp": '#include "fluentsync/fluentsync.h"\n#include "fluentsync/error.hpp"\n',
    "capi/src/store.cpp": '#include "fence.hpp"\n#include <nlohmann/json.hpp>\n#include <memory>\n',
    "include/fluentsync/entity.hpp": "#include <string>\n",
    "include/fluentsync/fluentsync.hpp": '#include "fluentsync/entity.hpp"\n#include "fluentsync/workspace.hpp"\n',
    "include/fluentsync/workspace.hpp": '#include <memory>\n#include "fluentsync/entity.hpp"\n',
    "src/base/hash.hpp": "#include <openssl/evp.h>\n",
    "src/runtime/lane.hpp": '#include "base/hash.hpp"\n',
    "src/plan/retry.hpp": '#include "base/hash.hpp"\n',
    "src/codec/key.hpp": '#include "base/hash.hpp"\n',
    "src/store/ledger.cpp": '#include "store/ledger.hpp"\n#include "plan/retry.hpp"\n#include "runtime/lane.hpp"\n',
    "src/store/ledger.hpp": "#include <fluentsync/entity.hpp>\n",
    "src/files/scan.hpp": '#include "codec/key.hpp"\n',
    "src/git/tree.hpp": "#include <git2.h>\n",
    "src/sync/push.cpp": '#include "git/tree.hpp"\n#include "store/ledger.hpp"\n#include "files/scan.hpp"\n',
}

MARK = "FIX" + "ME"
PLANTED = {
    "a floor above": ("src/base/hash.cpp", '#include "runtime/lane.hpp"\n'),
    "a floor above, in angle brackets": ("src/base/hash.cpp", "#include <runtime/lane.hpp>\n"),
    "plan on runtime": ("src/plan/late.cpp", '  #  include "runtime/lane.hpp"\n'),
    "plan on codec": ("src/plan/late.cpp", '#include "codec/key.hpp"\n'),
    "codec on plan": ("src/codec/late.cpp", '#include "plan/retry.hpp"\n'),
    "store on files": ("src/store/late.cpp", '#include "files/scan.hpp"\n'),
    "files on git": ("src/files/late.cpp", '#include "git/tree.hpp"\n'),
    "git on store": ("src/git/late.cpp", '#include "store/ledger.hpp"\n'),
    "git on sync": ("src/git/late.cpp", '#include "sync/push.hpp"\n'),
    "an include not named from src": ("src/git/late.cpp", '#include "tree.hpp"\n'),
    "an include by climbing": ("src/git/late.cpp", '#include "../store/ledger.hpp"\n'),
    "a folder that is no floor": ("src/util/late.cpp", "int x;\n"),
    "a public header on a class header": ("include/fluentsync/late.hpp", '#include "fluentsync/workspace.hpp"\n'),
    "a third-party public header": ("include/fluentsync/late.hpp", "#include <sqlite3.h>\n"),
    "a public header on the inside": ("include/fluentsync/late.hpp", '#include "base/hash.hpp"\n'),
    "the C layer on a floor": ("capi/src/late.cpp", '#include "store/ledger.hpp"\n'),
    "the C layer on a dependency": ("capi/src/late.cpp", "#include <sqlite3.h>\n"),
    "the package for Node on the C layer's inside": ("capi/node/src/late.cpp", '#include "fence.hpp"\n'),
    "the C header on C++": ("capi/include/fluentsync/late.h", "#include <string>\n"),
    "a file too long": ("src/sync/late.cpp", "int x;\n" * (check_structure.MOST_LINES + 1)),
    "a left-over mark": ("tests/unit/late.cpp", "// " + MARK + " later\n"),
}


def house(folder, files):
    for name, text in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(check_structure.breaches(Path(folder)))


class CheckStructure(unittest.TestCase):
    def test_a_clean_house_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(house(folder, CLEAN), [])

    def test_each_planted_breach_is_found_alone(self):
        for what, (name, text) in PLANTED.items():
            with self.subTest(what), tempfile.TemporaryDirectory() as folder:
                found = house(folder, {**CLEAN, name: text})
                self.assertEqual(len(found), 1, found)
                self.assertTrue(found[0].startswith(str(Path(name).parent)) or name in found[0], found)

    def test_an_empty_house_is_not_clean(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertTrue(house(folder, {}))


if __name__ == "__main__":
    unittest.main()
