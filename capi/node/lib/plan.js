'use strict';
// The shapes of the TypeScript services that FluentSync comes from, over a workspace.
const { Workspace } = require('./workspace.js');

/** The folder's part of a context. */
function directorySync({ syncPath, ...options } = {}) {
  return { kind: 'directory', options: syncPath === undefined ? options : { ...options, syncPath } };
}

/** git's part of a context. */
class GitSyncPlugin {
  kind = 'git';
  constructor({ gitUrl, ...options } = {}) {
    this.options = gitUrl === undefined ? options : { ...options, remote: gitUrl };
  }
}

/** What the plugins are put together to. */
class Context {
  constructor(workspace) {
    this.workspace = workspace;
    this.entityService = new EntityService(workspace.store);
  }
  /** Returns the function that ends it. */
  subscribe(name, listener) {
    this.workspace.on(name, listener);
    return () => this.workspace.off(name, listener);
  }
  start() {
    return this.workspace.start();
  }
  close() {
    return this.workspace.close();
  }
  [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    return this.close();
  }
}

class EntityService {
  #store;
  constructor(store) {
    this.#store = store;
  }
  async createEntity({ entityType, id, content }) {
    return this.#store.create(entityType, id, content);
  }
  async updateEntity({ entityType, id, content }) {
    return this.#store.put(entityType, id, content);
  }
  async deleteEntity(entityType, id) {
    return this.#store.remove(entityType, id);
  }
  async getEntity(entityType, id) {
    return this.#store.get(entityType, id) ?? null;
  }
  async listEntities(entityType, options = {}) {
    return this.#store.list({ ...options, type: entityType });
  }
}

/** Opens `dbPath` with the parts that the plugins are. */
function createContext({ dbPath, syncPath, plugins }) {
  const options = { store: { path: dbPath }, directory: {} };
  for (const plugin of plugins) options[plugin.kind] = plugin.options;
  if (syncPath !== undefined) options.directory = { syncPath, ...options.directory };
  return new Context(new Workspace(options));
}

module.exports = { createContext, directorySync, GitSyncPlugin };
