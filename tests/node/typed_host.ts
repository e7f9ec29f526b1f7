// A host in TypeScript, for the compiler's eyes alone: it is never run.
import { createContext, directorySync, FluentSyncError, GitSyncPlugin, Workspace, Entity, SyncEvent } from 'fluentsync';

export async function host(signal: AbortSignal): Promise<string | undefined> {
  const brain = await Workspace.open(
    { store: { path: 'brain.db' }, directory: { syncPath: 'brain' }, git: { autoSync: true } },
    { signal },
  );
  brain.on('entity:updated', (event: SyncEvent) => event.version.toFixed());
  await brain.start({ signal });
  try {
    const { version } = brain.store.put('note', 'hello', '# Hello\n', { expectedVersion: 0 });
    version.toFixed();
  } catch (error) {
    if (error instanceof FluentSyncError && error.code === 'version_mismatch' && !error.retryable) throw error;
  }
  const many: (Entity | undefined)[] = brain.store.getAll([['note', 'hello']]);
  const title: unknown = many[0]?.metadata.title;
  const size: number = brain.store.transaction((transaction) => transaction.get('note', 'hello')?.content.length ?? 0);
  for await (const event of brain.events({ signal })) {
    if (event.name === 'git:committed') break;
    // @ts-expect-error: no event has this name
    if (event.name === 'git:comitted') break;
  }
  // @ts-expect-error: a type and an id
  brain.store.get('note');
  // @ts-expect-error: a transaction cannot wait
  brain.store.transaction(async () => 1);
  const commit = await brain.git?.commit('why');
  await brain[Symbol.asyncDispose]();
  return `${String(title)} ${size} ${commit?.files}`;
}

export async function planned(): Promise<void> {
  const context = createContext({
    dbPath: 'brain.db',
    syncPath: 'brain',
    plugins: [
      directorySync({ autoSync: true, syncDebounce: 1000 }),
      new GitSyncPlugin({ autoSync: true, syncInterval: 300, autoPush: true }),
    ],
  });
  const end: () => void = context.subscribe('entity:created', (event) => event.id.length);
  end();
  await context.entityService.createEntity({ entityType: 'note', id: 'a', content: 'A.\n' });
  await context.close();
}
