'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const { fluentsync, folder, options, workspace, git } = require('./support.js');

async function until(queue, name, id) {
  for await (const event of queue) if (event.name === name && (id === undefined || event.id === id)) return event;
  throw new Error(`the queue ended before ${name}`);
}

test('a put becomes a file, a commit and a push, and is told', async (t) => {
  const place = folder(t);
  const remote = path.join(place, 'remote.git');
  git(place, 'init', '-q', '--bare', '-b', 'main', remote);
  const brain = workspace(t, place, { remote, autoSync: true, autoPush: true });
  const all = [];
  brain.on('event', (event) => all.push(event.name));
  const created = once(brain, 'entity:created');
  const pushed = once(brain, 'git:pushed');
  await brain.start();
  brain.store.put('note', 'hello', '# Hello\n');
  const [event] = await created;
  assert.deepEqual([event.type, event.id, event.version, event.origin], ['note', 'hello', 1, 'api']);
  assert.equal((await pushed)[0].commit, git(remote, 'rev-parse', 'main'));
  assert.equal(git(remote, 'show', 'main:note/hello.md'), '# Hello');
  assert.ok(all.includes('git:committed'));
  assert.equal(brain.status().git.head, git(remote, 'rev-parse', 'main'));
});

test('a file that somebody writes is told by the iteration', async (t) => {
  const place = folder(t);
  const brain = workspace(t, place);
  await brain.start();
  const queue = brain.events();
  fs.mkdirSync(path.join(place, 'notes/note'), { recursive: true });
  fs.writeFileSync(path.join(place, 'notes/note/a.md'), 'By hand.\n');
  const event = await until(queue, 'entity:created', 'a');
  assert.equal(event.origin, 'file');
  assert.equal(brain.store.get('note', 'a').content, 'By hand.\n');
});

test('events come all and in order', async (t) => {
  const brain = workspace(t, folder(t));
  const queue = brain.events();
  brain.store.putAll(Array.from({ length: 1000 }, (_, i) => ({ type: 'note', id: `n${i}`, content: `${i}\n` })));
  const seen = [];
  for await (const event of queue) if (seen.push(event.id) === 1000) break;
  assert.deepEqual(seen, Array.from({ length: 1000 }, (_, i) => `n${i}`));
  assert.deepEqual(await queue.next(), { value: undefined, done: true });
});

test('an iteration ends with its workspace and with its signal', async (t) => {
  const brain = workspace(t, folder(t));
  const aborter = new AbortController();
  const aborted = brain.events({ signal: aborter.signal }).next();
  aborter.abort();
  await assert.rejects(aborted, { name: 'AbortError' });
  const ended = brain.events().next();
  await brain.close();
  assert.deepEqual(await ended, { value: undefined, done: true });
});

test('an aborted call rejects at once, and the workspace still closes', async (t) => {
  const place = folder(t);
  const brain = workspace(t, place, {});
  const aborter = new AbortController();
  const pending = brain.sync({ signal: aborter.signal });
  aborter.abort();
  await assert.rejects(pending, { name: 'AbortError' });
  await assert.rejects(brain.sync({ signal: AbortSignal.abort() }), { name: 'AbortError' });
  await assert.rejects(fluentsync.Workspace.open(options(place), { signal: AbortSignal.abort() }), { name: 'AbortError' });
  await brain.close();
});

test('while a call waits the event loop turns', async (t) => {
  const brain = workspace(t, folder(t), {});
  brain.store.putAll(Array.from({ length: 300 }, (_, i) => ({ type: 'note', id: `n${i}`, content: `${i}\n` })));
  let turns = 0;
  let waiting = true;
  const turn = () => waiting && setImmediate(turn, ++turns);
  turn();
  await brain.sync();
  waiting = false;
  assert.ok(turns > 1, `${turns} turns`);
  const { clean, entities } = await brain.verify();
  assert.deepEqual([clean, entities], [true, 300]);
  assert.equal((await brain.git.commit()).commit, '');
});

test('closing twice is fine, and a closed one says so', async (t) => {
  const brain = await fluentsync.Workspace.open(options(folder(t)));
  await brain[Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]();
  await brain.close();
  assert.throws(() => brain.store.get('note', 'a'), { code: 'closed' });
  await assert.rejects(brain.sync(), { code: 'closed' });
  assert.throws(() => brain.events(), { code: 'closed' });
});
