import { EventEmitter } from 'node:events';

declare global {
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

export type ErrorCode =
  | 'invalid_argument' | 'invalid_options' | 'invalid_key' | 'invalid_content' | 'invalid_front_matter' | 'too_large'
  | 'not_found' | 'already_exists' | 'version_mismatch' | 'cannot_open' | 'not_our_database' | 'newer_database'
  | 'busy' | 'io' | 'corrupt' | 'folder_owned' | 'root_unverified' | 'repository' | 'repository_busy' | 'ref_moved'
  | 'remote_unreachable' | 'timed_out' | 'authentication' | 'push_rejected' | 'cancelled' | 'closed' | 'misuse'
  | 'internal' | 'database_gone';

/** Every failure of the library: one line that says what failed, on what, and what to do. */
export class FluentSyncError extends Error {
  readonly code: ErrorCode | 'unknown';
  /** The file, database or URL (redacted) in question; may be empty. */
  readonly path: string;
  /** Whether the same call may succeed later with nothing changed by the caller. */
  readonly retryable: boolean;
  constructor(code: ErrorCode | 'unknown', message: string, path?: string, retryable?: boolean);
}

export interface StoreOptions {
  path: string;
  [option: string]: unknown;
}

export interface DirectoryOptions {
  syncPath: string;
  /** Both directions. Default: true. */
  autoSync?: boolean;
  /** Milliseconds. Default: 1000. */
  syncDebounce?: number;
  maxSyncDelay?: number;
  watchInterval?: number;
  initialSync?: boolean;
  entityTypes?: string[];
  deleteOnFileRemoval?: boolean;
  maxImportFileBytes?: number;
  /** @deprecated Use `autoSync`. */
  watchEnabled?: boolean;
  [option: string]: unknown;
}

export interface GitOptions {
  remote?: string;
  branch?: string;
  /** Commit and sync by itself. Default: false. */
  autoSync?: boolean;
  /** Seconds. Default: 300. */
  syncInterval?: number;
  /** Push after each commit. Default: false. */
  autoPush?: boolean;
  skipExportCheck?: boolean;
  /** Milliseconds. Default: 5000. */
  commitDebounce?: number;
  commitMessage?: string;
  authorName?: string;
  authorEmail?: string;
  [option: string]: unknown;
}

export interface WorkspaceOptions {
  store: StoreOptions;
  directory: DirectoryOptions;
  /** Left out or null: no git. */
  git?: GitOptions | null;
}

export interface Entity {
  readonly type: string;
  readonly id: string;
  readonly content: string;
  /** The parsed view of the front matter. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly metadataJson: string;
  /** The content's git blob id. */
  readonly hash: string;
  readonly version: number;
  /** Milliseconds since the Unix epoch. */
  readonly created: number;
  readonly updated: number;
}
export const Entity: { readonly prototype: Entity };

export interface Draft {
  type: string;
  id: string;
  content: string | Uint8Array;
}

export interface PutResult {
  /** False when the entity already had this content: no write, no event. */
  changed: boolean;
  created: boolean;
  version: number;
}

export interface Conditional {
  /** The write happens only if the entity has this version now (0: only if there is none). */
  expectedVersion?: number;
}

export interface Filter {
  key: string;
  compare?: 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual';
  value: string | number | boolean | null;
}

export interface Query {
  type?: string;
  sortBy?: 'id' | 'created' | 'updated';
  descending?: boolean;
  limit?: number;
  offset?: number;
  withContent?: boolean;
  filters?: Filter[];
}

export type Side = 'store' | 'file' | 'local' | 'remote';

export interface Conflict {
  number: number;
  path: string;
  type: string;
  id: string;
  winnerSide: Side;
  loserSide: Side;
  winnerContent: Buffer;
  loserContent: Buffer;
  created: number;
  resolved: boolean;
}

export interface Held {
  path: string;
  code: ErrorCode;
  reason: string;
  since: number;
  carried: boolean;
}

export interface Transaction {
  put(type: string, id: string, content: string | Uint8Array, options?: Conditional): PutResult;
  get(type: string, id: string): Entity | undefined;
  remove(type: string, id: string, options?: Conditional): boolean;
}

/** Typed entities in one SQLite file: a call returns when it has read or committed. Closes with its workspace. */
export interface Store {
  create(type: string, id: string, content: string | Uint8Array): PutResult;
  put(type: string, id: string, content: string | Uint8Array, options?: Conditional): PutResult;
  /** All in one transaction, or none; how many changed something. */
  putAll(drafts: Iterable<Draft>): number;
  get(type: string, id: string): Entity | undefined;
  getAll(keys: Iterable<readonly [type: string, id: string]>): (Entity | undefined)[];
  remove(type: string, id: string, options?: Conditional): boolean;
  /** Edits one front matter key in the content and no other byte. */
  setMetadata(type: string, id: string, name: string, value: unknown, options?: Conditional): PutResult;
  list(query?: Query): Entity[];
  count(query?: Query): number;
  types(): string[];
  /** Runs at once, on this thread; all of its writes, or none when it throws. */
  transaction<Result>(work: (transaction: Transaction) => Result extends PromiseLike<unknown> ? never : Result): Result;
  conflicts(options?: { includeResolved?: boolean }): Conflict[];
  resolve(conflictNumber: number, choice: 'winner' | 'loser' | { content: string | Uint8Array }): void;
  held(): Held[];
  confirmDeletions(): number;
}
export const Store: { readonly prototype: Store };

export type EventName =
  | 'entity:created' | 'entity:updated' | 'entity:deleted' | 'file:exported' | 'file:removed' | 'file:imported'
  | 'file:held' | 'file:released' | 'export:completed' | 'import:completed' | 'deletion:held' | 'conflict:detected'
  | 'conflict:resolved' | 'watch:overflow' | 'watch:degraded' | 'root:lost' | 'root:found' | 'git:committed'
  | 'git:fetched' | 'git:pulled' | 'git:pushed' | 'git:push-failed' | 'git:pull-failed' | 'git:standing-back'
  | 'sync:completed' | 'progress' | 'warning' | 'error' | 'events:dropped';

/** Fields that an event does not have are empty or 0. A newer library may tell names that are not listed here. */
export interface SyncEvent {
  name: EventName;
  time: number;
  type: string;
  id: string;
  path: string;
  message: string;
  commit: string;
  origin: '' | 'api' | 'file' | 'remote';
  code: ErrorCode | 'ok';
  version: number;
  number: number;
  count: number;
  total: number;
}

export interface Waiting {
  /** The promise rejects with its reason; work that has begun ends behind it. */
  signal?: AbortSignal;
}

export interface Directory {
  flush(options?: Waiting): Promise<void>;
  exportAll(options?: Waiting): Promise<number>;
  importAll(options?: Waiting): Promise<number>;
}

export interface Git {
  commit(message?: string, options?: Waiting): Promise<{ commit: string; files: number }>;
  pull(options?: Waiting): Promise<{ head: string; files: number; merged: boolean }>;
  push(options?: Waiting): Promise<{ outcome: 'none' | 'pushed' | 'up_to_date' | 'rejected' | 'failed'; commit: string }>;
  sync(options?: Waiting): Promise<void>;
}

export interface DirectoryStatus {
  autoSync: boolean;
  rootVerified: boolean;
  watching: boolean;
  pendingExports: number;
  pendingImports: number;
  heldDeletions: number;
  lastSync: number;
  held: Held[];
  lastError: string;
}

export interface GitStatus {
  initialized: boolean;
  autoSync: boolean;
  branch: string;
  remote: string;
  head: string;
  ahead: number;
  behind: number;
  uncommitted: number;
  lastError: string;
  standingBack: string;
}

export interface Status {
  entities: number;
  openConflicts: number;
  directory: DirectoryStatus;
  git: GitStatus | null;
}

export interface VerifyReport {
  clean: boolean;
  entities: number;
  files: number;
  treeEntries: number;
  held: Held[];
  drifts: { path: string; what: string }[];
}

export class Workspace extends EventEmitter {
  constructor(options: WorkspaceOptions);
  /** As the constructor, without making the event loop wait for the disk. */
  static open(options: WorkspaceOptions, waiting?: Waiting): Promise<Workspace>;
  readonly store: Store;
  readonly directory: Directory;
  readonly git: Git | null;
  start(options?: Waiting): Promise<void>;
  stop(options?: Waiting): Promise<void>;
  sync(options?: Waiting): Promise<void>;
  verify(options?: Waiting): Promise<VerifyReport>;
  status(): Status;
  events(options?: { capacity?: number; signal?: AbortSignal }): AsyncIterableIterator<SyncEvent>;
  /** Whether what is started keeps the process alive; it does unless told otherwise. */
  ref(): this;
  unref(): this;
  /** Twice is fine. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  on(name: EventName | 'event', listener: (event: SyncEvent) => void): this;
  once(name: EventName | 'event', listener: (event: SyncEvent) => void): this;
  off(name: EventName | 'event', listener: (event: SyncEvent) => void): this;
}

/** The shapes of the TypeScript services that FluentSync comes from. */
export interface Plugin {
  readonly kind: 'directory' | 'git';
  readonly options: object;
}
export function directorySync(options?: Partial<DirectoryOptions>): Plugin;
export class GitSyncPlugin implements Plugin {
  readonly kind: 'git';
  readonly options: object;
  constructor(options?: GitOptions & { gitUrl?: string });
}
export interface PlannedEntity {
  entityType: string;
  id: string;
  content: string;
}
export interface Context {
  readonly workspace: Workspace;
  readonly entityService: {
    createEntity(entity: PlannedEntity): Promise<PutResult>;
    updateEntity(entity: PlannedEntity): Promise<PutResult>;
    deleteEntity(entityType: string, id: string): Promise<boolean>;
    getEntity(entityType: string, id: string): Promise<Entity | null>;
    listEntities(entityType: string, options?: Omit<Query, 'type'>): Promise<Entity[]>;
  };
  /** Returns the function that ends it. */
  subscribe(name: EventName, listener: (event: SyncEvent) => void): () => void;
  start(): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
export function createContext(options: { dbPath: string; syncPath?: string; plugins: Plugin[] }): Context;

export function checkOptions(options: WorkspaceOptions): void;
export const version: string;
export function liveObjects(): number;
