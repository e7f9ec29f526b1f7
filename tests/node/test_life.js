'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { Worker } = require('node:worker_threads');
const { once } = require('node:events');
const { fluentsync, folder, options, run } = require('./support.js');

const LOADED = 'const { Workspace, liveObjects } = require(process.env.FLUENTSYNC_PACKAGE);';

test('1,000 open and close leave nothing behind', async (t) => {
  const place = folder(t);
  const { store, directory } = options(place);
  const before = fluentsync.liveObjects();
  let grown = 0;
  for (let i = 0; i < 1000; i++) {
    const brain = new fluentsync.Workspace({ store, directory });
    brain.on('entity:created', () => undefined);
    await brain.close();
    if (i === 500) grown = process.memoryUsage().rss;
  }
  assert.equal(fluentsync.liveObjects(), before);
  const growth = process.memoryUsage().rss - grown;
  assert.ok(growth < 32 << 20, `${growth} bytes more after 500 rounds`);
});

test('workers have workspaces of their own, also when they are terminated', async (t) => {
  const before = fluentsync.liveObjects();
  const code = `${LOADED}
    const { parentPort, workerData } = require('node:worker_threads');
    const brain = new Workspace(workerData);
    brain.on('entity:created', (event) => parentPort.postMessage(event.id));
    brain.start().then(() => { brain.store.put('note', 'by-worker', 'Hello.\\n'); brain.sync(); });`;
  const workers = [0, 1, 2].map(() => new Worker(code, { eval: true, workerData: options(folder(t)) }));
  const told = await Promise.all(workers.map((worker) => once(worker, 'message')));
  assert.deepEqual(told.flat(), ['by-worker', 'by-worker', 'by-worker']);
  await Promise.all(workers.map((worker) => worker.terminate()));
  assert.equal(fluentsync.liveObjects(), before);
});

test('two processes share one database', async (t) => {
  const place = folder(t);
  const { store, directory } = options(place);
  const brain = new fluentsync.Workspace({ store, directory });
  t.after(() => brain.close());
  const created = once(brain, 'entity:created');
  const code = `${LOADED}
    const brain = new Workspace(JSON.parse(process.argv[1]));
    for (let i = 0; i < 200; i++) brain.store.put('note', 'theirs-' + i, 'Theirs.\\n');
    brain.close().then(() => console.log(liveObjects()));`;
  const child = run(code, JSON.stringify({ store, directory }));
  for (let i = 0; i < 200; i++) brain.store.put('note', `ours-${i}`, 'Ours.\n');
  assert.deepEqual(await child, { status: 0, output: '0' });
  await created;
  assert.equal(brain.store.count(), 400);
});

test('the process ends by itself when nothing is pending', async (t) => {
  const place = JSON.stringify(options(folder(t)));
  const opened = `${LOADED}
    const brain = new Workspace(JSON.parse(process.argv[1]));
    brain.on('entity:created', () => undefined);
    brain.store.put('note', 'a', 'One.\\n');`;
  assert.equal((await run(opened, place)).status, 0);
  assert.equal((await run(`${opened} brain.start().then(() => brain.unref());`, place)).status, 0);
  assert.equal((await run(`${opened} brain.start().then(() => brain.close());`, place)).status, 0);
});

test('what is started keeps the process until it has been told', async (t) => {
  const code = `${LOADED}
    const brain = new Workspace(JSON.parse(process.argv[1]));
    brain.once('file:exported', () => { console.log('told'); brain.stop(); });
    brain.start().then(() => brain.store.put('note', 'a', 'One.\\n'));`;
  assert.deepEqual(await run(code, JSON.stringify(options(folder(t)))), { status: 0, output: 'told' });
});
