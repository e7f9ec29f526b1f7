'use strict';
const native = require('./native.js');
const { FluentSyncError, text, content, number, version } = require('./errors.js');

const ENTITY = 8;
const CONFLICT = 10;

class Entity {
  #metadata;
  constructor(row, at) {
    this.type = row[at];
    this.id = row[at + 1];
    this.content = row[at + 2];
    this.metadataJson = row[at + 3];
    this.hash = row[at + 4];
    this.version = row[at + 5];
    this.created = row[at + 6];
    this.updated = row[at + 7];
  }
  get metadata() {
    return (this.#metadata ??= JSON.parse(this.metadataJson));
  }
}

function entity(row) {
  return row.length === 0 ? undefined : new Entity(row, 0);
}

function put([changed, created, version]) {
  return { changed, created, version };
}

function conflict(row, at) {
  const [number, path, type, id, winnerSide, loserSide, winnerContent, loserContent, created, resolved] = row.slice(
    at,
    at + CONFLICT,
  );
  return { number, path, type, id, winnerSide, loserSide, winnerContent, loserContent, created, resolved };
}

function each(row, width, make) {
  const made = [];
  for (let at = 0; at < row.length; at += width) made.push(make(row, at));
  return made;
}

/** Typed entities in one SQLite file. Its calls read and write the database and return when they have. */
class Store {
  #handle;
  constructor(handle) {
    this.#handle = handle;
  }
  create(type, id, body) {
    return put(native.storeCreate(this.#handle, text(type, 'type'), text(id, 'id'), content(body)));
  }
  put(type, id, body, options) {
    return put(native.storePut(this.#handle, text(type, 'type'), text(id, 'id'), content(body), version(options)));
  }
  /** All drafts in one transaction, or none; how many changed something. */
  putAll(drafts) {
    const flat = [];
    for (const draft of drafts) flat.push(text(draft.type, 'type'), text(draft.id, 'id'), content(draft.content));
    return native.storePutAll(this.#handle, flat);
  }
  get(type, id) {
    return entity(native.storeGet(this.#handle, text(type, 'type'), text(id, 'id')));
  }
  /** For each [type, id] its entity or undefined; the border is crossed once. */
  getAll(keys) {
    const flat = [];
    for (const [type, id] of keys) flat.push(text(type, 'type'), text(id, 'id'));
    return native.storeGetAll(this.#handle, flat).map(entity);
  }
  remove(type, id, options) {
    return native.storeRemove(this.#handle, text(type, 'type'), text(id, 'id'), version(options));
  }
  setMetadata(type, id, name, value, options) {
    const json = JSON.stringify(value);
    if (json === undefined) throw new TypeError(`${name} is not a JSON value`);
    const key = [text(type, 'type'), text(id, 'id'), text(name, 'name')];
    return put(native.storeSetMetadata(this.#handle, ...key, json, version(options)));
  }
  list(query = {}) {
    return each(native.storeList(this.#handle, JSON.stringify(query)), ENTITY, (row, at) => new Entity(row, at));
  }
  count(query = {}) {
    return native.storeCount(this.#handle, JSON.stringify(query));
  }
  types() {
    return JSON.parse(native.storeTypes(this.#handle));
  }
  /** Runs `work` at once: all of its writes, or none when it throws. Inside, only its parameter may be used. */
  transaction(work) {
    let result;
    native.storeTransaction(this.#handle, (handle) => {
      result = work(new Transaction(handle));
      if (typeof result?.then === 'function') throw new TypeError('a transaction cannot wait: its work is no async function');
    });
    return result;
  }
  conflicts({ includeResolved = false } = {}) {
    return each(native.storeConflicts(this.#handle, Boolean(includeResolved)), CONFLICT, conflict);
  }
  /** Settles a conflict: by 'winner', 'loser', or content of your own as {content}. */
  resolve(conflictNumber, choice) {
    const record = number(conflictNumber, "a conflict's number");
    if (choice === 'winner' || choice === 'loser') {
      native.storeResolve(this.#handle, record, choice === 'winner' ? 0 : 1);
    } else if (choice && typeof choice === 'object') {
      native.storeResolveWith(this.#handle, record, content(choice.content));
    } else {
      throw new FluentSyncError('invalid_argument', "a conflict is resolved by 'winner', 'loser' or {content}");
    }
  }
  held() {
    return JSON.parse(native.storeHeld(this.#handle));
  }
  confirmDeletions() {
    return native.storeConfirmDeletions(this.#handle);
  }
}

class Transaction {
  #handle;
  constructor(handle) {
    this.#handle = handle;
  }
  put(type, id, body, options) {
    return put(native.transactionPut(this.#handle, text(type, 'type'), text(id, 'id'), content(body), version(options)));
  }
  get(type, id) {
    return entity(native.transactionGet(this.#handle, text(type, 'type'), text(id, 'id')));
  }
  remove(type, id, options) {
    return native.transactionRemove(this.#handle, text(type, 'type'), text(id, 'id'), version(options));
  }
}

module.exports = { Store, Entity };
