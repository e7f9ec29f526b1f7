"""The store's methods, value by value."""

import unittest

import fluentsync
from fluentsync import Code
from support import Case

FRONT = "---\ntitle: Tea # kept\nrank: 3\n---\n\nText.\n"


class StoreCase(Case):
    def setUp(self):
        super().setUp()
        self.store = fluentsync.Store(self.store_options())
        self.addCleanup(self.store.close)


class Contents(StoreCase):
    def test_contents_come_back_exactly(self):
        for content in ("", "\ufeffBOM\r\n", "NUL \0 inside", "Zürich 茶 \U0001f375\n", FRONT):
            self.store.put("note", "exact", content or " ")
            self.assertEqual(self.store.get("note", "exact").content, content or " ")

    def test_bytes_are_taken_too(self):
        self.store.put(b"note", b"raw", "Zürich".encode())
        self.assertEqual(self.store.get("note", "raw").content, "Zürich")

    def test_what_is_no_utf8_is_refused_by_name(self):
        for content in (b"\xff\xfe", "lone \ud800 surrogate"):
            with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_CONTENT):
                self.store.put("note", "bad", content)
        with self.assertRaises(TypeError):
            self.store.put("note", "bad", 7)
        self.assertIsNone(self.store.get("note", "bad"))

    def test_an_entity_is_plain_data(self):
        self.store.put("note", "tea", FRONT)
        entity = self.store.get("note", "tea")
        self.assertEqual(entity.metadata, {"title": "Tea", "rank": 3})
        self.assertEqual((entity.version, len(entity.hash)), (1, 40))
        self.assertEqual(entity, self.store.get("note", "tea"))
        with self.assertRaises(AttributeError):
            entity.content = "other"


class Writes(StoreCase):
    def test_create_put_remove(self):
        self.store.create("note", "a", "A\n")
        with self.refused(fluentsync.AlreadyExistsError, Code.ALREADY_EXISTS):
            self.store.create("note", "a", "B\n")
        self.assertFalse(self.store.put("note", "a", "A\n").changed)
        self.assertEqual(self.store.put("note", "a", "B\n").version, 2)
        self.assertTrue(self.store.remove("note", "a"))
        self.assertFalse(self.store.remove("note", "a"))

    def test_conditional_writes(self):
        self.store.put("note", "a", "A\n", expected_version=0)
        with self.refused(fluentsync.VersionMismatchError, Code.VERSION_MISMATCH):
            self.store.put("note", "a", "B\n", expected_version=0)
        with self.refused(fluentsync.VersionMismatchError, Code.VERSION_MISMATCH):
            self.store.remove("note", "a", expected_version=7)
        self.assertTrue(self.store.remove("note", "a", expected_version=1))

    def test_versions_that_are_none_are_refused_and_write_nothing(self):
        self.store.put("note", "a", "A\n")
        for version in (-1, -2, 2**63, 2**64 - 1, 2**64 + 1):
            writes = (
                lambda: self.store.put("note", "a", "B\n", version),
                lambda: self.store.remove("note", "a", version),
                lambda: self.store.set_metadata("note", "a", "rank", 1, version),
                lambda: self.store.remove_metadata("note", "a", "rank", version),
                lambda: self.store.transaction(lambda inner: inner.put("note", "a", "B\n", version)),
                lambda: self.store.transaction(lambda inner: inner.remove("note", "a", version)),
            )
            for write in writes:
                with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_ARGUMENT, "expected_version"):
                    write()
        with self.assertRaises(TypeError):
            self.store.put("note", "a", "B\n", 1.5)
        self.assertEqual(self.store.get("note", "a").content, "A\n")
        with self.refused(fluentsync.VersionMismatchError, Code.VERSION_MISMATCH):
            self.store.put("note", "a", "B\n", 2**63 - 1)

    def test_numbers_of_no_conflict_are_refused(self):
        for number in (-1, 2**63, 2**64 + 1):
            uses = (
                self.store.conflict, self.store.take_winner, self.store.take_loser,
                lambda number: self.store.resolve(number, "text"),
            )
            for use in uses:
                with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_ARGUMENT, "conflict"):
                    use(number)

    def test_all_drafts_or_none(self):
        with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_KEY):
            self.store.put_all([("note", "good", "A\n"), ("note", "../bad", "B\n")])
        with self.assertRaises(ZeroDivisionError):
            self.store.put_all(("note", str(1 // i), "text") for i in (1, 0))
        self.assertEqual(self.store.count(), 0)

    def test_one_front_matter_key_and_no_other_byte(self):
        self.store.put("note", "tea", FRONT)
        self.store.set_metadata("note", "tea", "rank", 4, expected_version=1)
        self.assertEqual(self.store.get("note", "tea").content, FRONT.replace("3", "4"))
        self.store.remove_metadata("note", "tea", "rank")
        self.assertEqual(self.store.get("note", "tea").content, FRONT.replace("rank: 3\n", ""))
        with self.refused(fluentsync.NotFoundError, Code.NOT_FOUND):
            self.store.set_metadata("note", "none", "rank", 4)
        with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_ARGUMENT, "JSON"):
            self.store.set_metadata("note", "tea", "rank", float("nan"))


class Queries(StoreCase):
    def setUp(self):
        super().setUp()
        for i in range(5):
            self.store.put("note", f"n{i}", f"---\nrank: {i}\n---\n")
        self.store.put("task", "t", "T\n")

    def test_lists_counts_and_types(self):
        self.assertEqual(self.store.types(), ["note", "task"])
        self.assertEqual(self.store.count(), 6)
        self.assertEqual([e.id for e in self.store.list({"type": "note", "descending": True, "limit": 2})], ["n4", "n3"])
        high = {"filters": [{"key": "rank", "compare": "greater", "value": 2}]}
        self.assertEqual([e.id for e in self.store.list(high)], ["n3", "n4"])
        self.assertEqual(self.store.list({"type": "task", "withContent": False})[0].content, "")

    def test_a_bad_query_is_named(self):
        with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_ARGUMENT, "sortBy"):
            self.store.list({"sortBy": "colour"})
        for key in ("limit", "offset"):
            for number in (-1, 2**63, 2**64 + 1):
                for ask in (self.store.list, self.store.count):
                    with self.refused(fluentsync.InvalidArgumentError, Code.INVALID_ARGUMENT, key):
                        ask({key: number})


class Transactions(StoreCase):
    def test_it_returns_what_the_work_returns(self):
        def move(transaction):
            old = transaction.get("note", "old")
            transaction.put("note", "new", old.content)
            self.assertTrue(transaction.remove("note", "old", expected_version=old.version))
            return old.content

        self.store.put("note", "old", "Moved.\n")
        self.assertEqual(self.store.transaction(move), "Moved.\n")
        self.assertEqual([e.id for e in self.store.list()], ["new"])

    def test_what_it_raises_comes_out_and_undoes_all(self):
        class Ours(Exception):
            pass

        def fail(fault):
            def work(transaction):
                transaction.put("note", "a", "A\n")
                raise fault

            return work

        for fault in (Ours("no"), KeyboardInterrupt(), SystemExit(3)):
            with self.assertRaises(type(fault)) as caught:
                self.store.transaction(fail(fault))
            self.assertIs(caught.exception, fault)
            self.assertIsNone(self.store.get("note", "a"))

    def test_a_failed_write_in_it_is_its_typed_error(self):
        def work(transaction):
            transaction.put("note", "a", "A\n")
            transaction.put("note", "a", "B\n", expected_version=9)

        with self.refused(fluentsync.VersionMismatchError, Code.VERSION_MISMATCH):
            self.store.transaction(work)
        self.assertEqual(self.store.count(), 0)

    def test_only_the_transaction_may_be_used_inside(self):
        def work(transaction):
            with self.refused(fluentsync.MisuseError, Code.MISUSE):
                self.store.put("note", "b", "B\n")
            kept.append(transaction)
            transaction.put("note", "a", "A\n")

        kept = []
        self.store.transaction(work)
        with self.refused(fluentsync.ClosedError, Code.CLOSED):
            kept[0].put("note", "c", "C\n")
        self.assertEqual([e.id for e in self.store.list()], ["a"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
