'use strict';
const { EventEmitter } = require('node:events');
const native = require('./native.js');
const { text, number } = require('./errors.js');
const { Store } = require('./store.js');
const { Pump, EventQueue } = require('./events.js');
const { wait } = require('./wait.js');

const json = async (promise) => JSON.parse(await promise);

class Directory {
  #handle;
  constructor(handle) {
    this.#handle = handle;
  }
  flush({ signal } = {}) {
    return wait('flush', this.#handle, '', signal).then(() => undefined);
  }
  exportAll({ signal } = {}) {
    return wait('exportAll', this.#handle, '', signal);
  }
  importAll({ signal } = {}) {
    return wait('importAll', this.#handle, '', signal);
  }
}

class Git {
  #handle;
  constructor(handle) {
    this.#handle = handle;
  }
  commit(message = '', { signal } = {}) {
    return json(wait('commit', this.#handle, text(message, 'message'), signal));
  }
  pull({ signal } = {}) {
    return json(wait('pull', this.#handle, '', signal));
  }
  push({ signal } = {}) {
    return json(wait('push', this.#handle, '', signal));
  }
  sync({ signal } = {}) {
    return wait('gitSync', this.#handle, '', signal).then(() => undefined);
  }
}

const OPENED = Symbol('opened');

/** Store, folder and git opened and wired together. An emitter of every event by its name, and of each as 'event'. */
class Workspace extends EventEmitter {
  #handle;
  #pump;
  #queues = new Set();
  #closing;
  #started = false;
  #unreferenced = false;

  /** Opens the database; start() or sync() take folder and repository. */
  constructor(options, opened) {
    super();
    this.#handle = opened?.[OPENED] ?? native.workspaceOpen(JSON.stringify(options) ?? '');
    const [store, directory, git] = native.workspaceParts(this.#handle);
    this.store = new Store(store);
    this.directory = new Directory(directory);
    this.git = git === undefined ? null : new Git(git);
    this.on('newListener', () => this.#listen());
  }

  /** As the constructor, without making the event loop wait for the disk. */
  static async open(options, { signal } = {}) {
    if (signal?.aborted) throw signal.reason;
    const pending = wait('open', undefined, JSON.stringify(options) ?? '').then(
      (handle) => new this(options, { [OPENED]: handle }),
    );
    if (!signal) return pending;
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      pending.then((workspace) => {
        signal.removeEventListener('abort', abort);
        if (signal.aborted) workspace.close().catch(() => undefined);
        else resolve(workspace);
      }, reject);
    });
  }

  /** Starts the automation that the options ask for. The process lives until stop(), close() or unref(). */
  async start({ signal } = {}) {
    this.#listen();
    await wait('start', this.#handle, '', signal);
    this.#started = true;
    this.#hold();
  }
  async stop({ signal } = {}) {
    await wait('stop', this.#handle, '', signal);
    this.#started = false;
    this.#hold();
  }
  /** Everything once, import, export, commit, pull, push; resolves when all agree. */
  sync({ signal } = {}) {
    return wait('sync', this.#handle, '', signal).then(() => undefined);
  }
  verify({ signal } = {}) {
    return json(wait('verify', this.#handle, '', signal));
  }
  status() {
    return JSON.parse(native.workspaceStatus(this.#handle));
  }

  /** A queue of what happens from now on; beyond `capacity` (0: 16384) the newest are dropped, and told as one event. */
  events({ capacity = 0, signal } = {}) {
    signal?.throwIfAborted();
    const queue = new EventQueue(this.#handle, number(capacity, 'capacity'), signal);
    this.#queues.add(new WeakRef(queue));
    return queue;
  }

  ref() {
    this.#unreferenced = false;
    this.#hold();
    return this;
  }
  unref() {
    this.#unreferenced = true;
    this.#hold();
    return this;
  }

  /** Stops everything within two seconds. What is pending stays in the database, and the next start goes on with it. */
  close() {
    return (this.#closing ??= this.#close());
  }
  async #close() {
    await wait('close', this.#handle, '');
    this.#pump?.close();
    for (const queue of this.#queues) queue.deref()?.close();
  }
  [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    return this.close();
  }

  #listen() {
    if (this.#closing !== undefined) return;
    this.#pump ??= new Pump(this.#handle, 0, (batch) => this.#tell(batch), () => undefined);
  }
  #hold() {
    this.#pump?.hold(this.#started && !this.#unreferenced && this.#closing === undefined);
  }
  #tell(batch) {
    for (const event of batch) {
      // An 'error' that nobody listens for would end the process; it is background work, and tried again.
      if (event.name !== 'error' || this.listenerCount('error') > 0) this.emit(event.name, event);
      this.emit('event', event);
    }
    return true;
  }
}

module.exports = { Workspace };
