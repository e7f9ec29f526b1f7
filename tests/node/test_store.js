'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { fluentsync, folder, workspace } = require('./support.js');

test('what is put is got, exactly', (t) => {
  const { store } = workspace(t, folder(t));
  const content = '---\ntitle: "Gödel"\n---\n\nNUL \0, 🎈 and CRLF\r\n' + 'ü'.repeat(600);
  assert.deepEqual(store.put('note', 'a/b', content), { changed: true, created: true, version: 1 });
  assert.deepEqual(store.put('note', 'a/b', Buffer.from(content)), { changed: false, created: false, version: 1 });
  const entity = store.get('note', 'a/b');
  assert.equal(entity.content, content);
  assert.deepEqual(entity.metadata, { title: 'Gödel' });
  assert.match(entity.hash, /^[0-9a-f]{40}$/);
  assert.equal(store.get('note', 'none'), undefined);
});

test('texts around the brief buffer come whole', (t) => {
  const { store } = workspace(t, folder(t));
  for (let length = 500; length < 520; length++) {
    for (const letter of ['x', 'ü', '中', '🎈']) {
      const content = 'x'.repeat(length - 4) + letter;
      store.put('note', 'a', content);
      assert.equal(store.get('note', 'a').content, content);
    }
  }
});

test('10,000 puts, and batches in one crossing', (t) => {
  const { store } = workspace(t, folder(t));
  const keys = [];
  for (let i = 0; i < 5000; i++) {
    store.put('note', `n${i}`, `Note ${i}.\n`);
    keys.push(['note', `n${i}`]);
  }
  const drafts = keys.map(([type, id]) => ({ type: 'copy', id, content: `Copy of ${type}/${id}\n` }));
  assert.equal(store.putAll(drafts), 5000);
  assert.equal(store.count(), 10000);
  assert.equal(store.list({ type: 'note' }).length, 5000);
  const got = store.getAll([...keys, ['note', 'none']]);
  assert.equal(got[4999].content, 'Note 4999.\n');
  assert.equal(got[5000], undefined);
  assert.deepEqual(store.types(), ['copy', 'note']);
});

test('errors are typed', (t) => {
  const { store } = workspace(t, folder(t));
  store.put('note', 'a', 'One.\n');
  const mismatch = (error) =>
    error instanceof fluentsync.FluentSyncError && error.code === 'version_mismatch' && error.retryable === false;
  assert.throws(() => store.put('note', 'a', 'Two.\n', { expectedVersion: 7 }), mismatch);
  assert.throws(() => store.create('note', 'a', 'Two.\n'), { code: 'already_exists' });
  assert.throws(() => store.put('..', 'a', 'x'), { code: 'invalid_key' });
  assert.throws(() => store.put('note', 'a', 'half \ud800'), { code: 'invalid_argument' });
  assert.throws(() => store.put('note', 'a', Buffer.from([0xff])), { code: 'invalid_content' });
  assert.throws(() => store.put('note', 7, 'x'), TypeError);
  assert.throws(() => store.put('note', 'a', 'x', { expectedVersion: -1 }), { code: 'invalid_argument' });
  assert.throws(() => new fluentsync.Workspace({ store: { pth: 'x' } }), { code: 'invalid_options' });
  assert.throws(() => fluentsync.checkOptions({}), { code: 'invalid_options' });
  assert.equal(store.get('note', 'a').content, 'One.\n');
});

test('a transaction is whole or nothing', (t) => {
  const { store } = workspace(t, folder(t));
  const version = store.transaction((transaction) => {
    transaction.put('note', 'a', 'One.\n');
    return transaction.get('note', 'a').version;
  });
  assert.equal(version, 1);
  const fault = new Error('no');
  const failing = (transaction) => {
    transaction.remove('note', 'a');
    throw fault;
  };
  assert.throws(() => store.transaction(failing), fault);
  assert.throws(() => store.transaction(async () => undefined), TypeError);
  assert.throws(() => store.transaction(() => store.get('note', 'a')), { code: 'misuse' });
  assert.equal(store.get('note', 'a').content, 'One.\n');
  assert.equal(store.setMetadata('note', 'a', 'tags', ['x']).version, 2);
  assert.deepEqual(store.get('note', 'a').metadata, { tags: ['x'] });
});
