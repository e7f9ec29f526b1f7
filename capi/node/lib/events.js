'use strict';
const native = require('./native.js');

const FIELDS = ['name', 'time', 'type', 'id', 'path', 'message', 'commit', 'origin', 'code', 'version', 'number',
  'count', 'total'];

function events(row) {
  const made = [];
  for (let at = 0; at < row.length; at += FIELDS.length) {
    const event = {};
    for (let i = 0; i < FIELDS.length; i++) event[FIELDS[i]] = row[at + i];
    made.push(event);
  }
  return made;
}

/** Takes from a queue whenever there is something, one batch for each turn of the event loop. */
class Pump {
  #listener;
  #deliver;
  #ended;
  /** `deliver(batch)` says whether more is wanted now; `ended()` is called once when no more will come. */
  constructor(workspace, capacity, deliver, ended) {
    this.#deliver = deliver;
    this.#ended = ended;
    this.#listener = native.eventsOpen(workspace, capacity, () => this.turn());
  }
  turn() {
    if (this.#listener === undefined) return;
    let row;
    try {
      row = native.eventsTake(this.#listener);
    } catch (error) {
      this.close();
      if (error.code === 'closed') return;
      throw error;
    }
    if (row === undefined) return;
    setImmediate(() => this.#continue());
    this.#wanted = this.#deliver(events(row));
  }
  #wanted = true;
  #continue() {
    if (this.#wanted) this.turn();
  }
  /** Goes on after `deliver` has said that no more is wanted. */
  resume() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.turn();
  }
  hold(held) {
    if (this.#listener !== undefined) native.eventsReference(this.#listener, held);
  }
  close() {
    if (this.#listener === undefined) return;
    native.eventsClose(this.#listener);
    this.#listener = undefined;
    this.#ended();
  }
}

/** What happens from now on, by `for await`. It ends with `return()`, `break`, its signal or its workspace. */
class EventQueue {
  #pump;
  #taken = [];
  #waiting = [];
  #open = true;
  #signal;
  #abort = () => this.#pump.close();
  constructor(workspace, capacity, signal) {
    this.#signal = signal;
    this.#pump = new Pump(workspace, capacity, (batch) => this.#arrived(batch), () => this.#end());
    signal?.addEventListener('abort', this.#abort, { once: true });
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    if (this.#taken.length > 0) {
      const value = this.#taken.shift();
      if (this.#taken.length === 0) this.#pump.resume();
      return Promise.resolve({ value, done: false });
    }
    if (!this.#open) return this.#over();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#pump.hold(true);
      this.#pump.resume();
    });
  }
  return(value) {
    this.#taken = [];
    this.#pump.close();
    return Promise.resolve({ value, done: true });
  }
  /** For the workspace that closes: what it told is still given, then the iteration ends. */
  close() {
    this.#pump.close();
  }
  #over() {
    const aborted = this.#signal?.aborted;
    return aborted ? Promise.reject(this.#signal.reason) : Promise.resolve({ value: undefined, done: true });
  }
  #arrived(batch) {
    for (const event of batch) {
      const waiting = this.#waiting.shift();
      if (waiting) waiting.resolve({ value: event, done: false });
      else this.#taken.push(event);
    }
    if (this.#waiting.length === 0) this.#pump.hold(false);
    return this.#taken.length === 0;
  }
  #end() {
    this.#open = false;
    this.#signal?.removeEventListener('abort', this.#abort);
    for (const { resolve, reject } of this.#waiting.splice(0)) this.#over().then(resolve, reject);
  }
}

module.exports = { Pump, EventQueue };
