'use strict';
const native = require('./native.js');
const { FluentSyncError } = require('./errors.js');
const { Store, Entity } = require('./store.js');
const { Workspace } = require('./workspace.js');
const { createContext, directorySync, GitSyncPlugin } = require('./plan.js');

module.exports = {
  Workspace,
  Store,
  Entity,
  FluentSyncError,
  createContext,
  directorySync,
  GitSyncPlugin,
  /** Says what is wrong with a workspace's options; opens nothing. */
  checkOptions: (options) => native.checkOptions(JSON.stringify(options) ?? ''),
  /** The library's version. */
  version: native.version(),
  /** How many objects the process has open in the library, over all threads. For tests: 0 at the end. */
  liveObjects: native.liveObjects,
};
