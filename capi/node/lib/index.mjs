import fluentsync from './index.js';

export const { Workspace, Store, Entity, FluentSyncError, createContext, directorySync, GitSyncPlugin, checkOptions } =
  fluentsync;
export const { version, liveObjects } = fluentsync;
export default fluentsync;
