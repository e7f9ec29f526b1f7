"""Events in an asyncio program."""

import asyncio
import threading
import unittest

import fluentsync
from support import PATIENCE, Case


class Asyncio(Case):
    def setUp(self):
        super().setUp()
        self.brain = fluentsync.Workspace(self.options())
        self.addCleanup(self.brain.__exit__, None, None, None)
        self.store = self.brain.store

    def run_async(self, work):
        return asyncio.run(asyncio.wait_for(work, PATIENCE))

    def test_events_by_async_for_while_the_loop_does_other_things(self):
        async def listen(events, count):
            ids = []
            async for event in events:
                ids.append(event.id)
                if len(ids) == count:
                    return ids

        async def main():
            with self.store.events() as events:
                heard = asyncio.create_task(listen(events, 20))
                for i in range(20):
                    await asyncio.to_thread(self.store.put, "note", str(i), f"{i}\n")
                return await heard

        self.assertEqual(self.run_async(main()), [str(i) for i in range(20)])

    def test_two_tasks_share_a_queue(self):
        async def main():
            with self.store.events() as events:
                heard = [asyncio.create_task(events.__anext__()) for _ in range(2)]
                await asyncio.sleep(0)
                self.store.put("note", "a", "A\n")
                self.store.put("note", "b", "B\n")
                return sorted(event.id for event in await asyncio.gather(*heard))

        self.assertEqual(self.run_async(main()), ["a", "b"])

    def test_it_ends_when_the_workspace_closes(self):
        async def main():
            events = self.brain.events()
            heard = asyncio.create_task(drain(events))
            await asyncio.sleep(0)
            await asyncio.to_thread(self.brain.close)
            await heard
            events.close()

        async def drain(events):
            return [event async for event in events]

        self.run_async(main())

    def test_it_ends_when_the_queue_closes_here_or_on_another_thread(self):
        async def main(close):
            events = self.store.events()
            heard = asyncio.create_task(drain(events))
            await asyncio.sleep(0)
            close(events)
            self.assertEqual(await heard, [])

        async def drain(events):
            return [event async for event in events]

        def elsewhere(events):
            thread = threading.Thread(target=events.close)
            thread.start()
            thread.join(PATIENCE)

        self.run_async(main(lambda events: events.close()))
        self.run_async(main(elsewhere))

    def test_a_cancelled_wait_leaves_the_queue_usable(self):
        async def main():
            with self.store.events() as events:
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(events.__anext__(), 0.001)
                self.store.put("note", "a", "A\n")
                return (await events.__anext__()).id

        self.assertEqual(self.run_async(main()), "a")

    def test_waiting_calls_leave_the_event_loop_running(self):
        async def main():
            ticks = 0
            self.store.put("note", "a", "A\n")
            sync = asyncio.create_task(asyncio.to_thread(self.brain.sync))
            while not sync.done():
                ticks += 1
                await asyncio.sleep(0)
            await sync
            return ticks

        self.assertGreater(self.run_async(main()), 0)
        self.assertTrue((self.folder / "brain" / "note" / "a.md").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
