// Files by themselves, commits when they mean something.
// usage: node files_automatic_commits_by_hand.mjs FOLDER REMOTE
import { createContext, directorySync, GitSyncPlugin } from 'fluentsync';

const [folder, remote] = process.argv.slice(2);
const context = createContext({
  dbPath: `${folder}.db`,
  syncPath: folder,
  plugins: [
    directorySync({ autoSync: true, syncDebounce: 1000 }),
    new GitSyncPlugin({ gitUrl: remote, autoSync: false, autoPush: true }),
  ],
});
context.subscribe('entity:created', (event) => console.log(`created ${event.type}/${event.id}`));
const pushed = new Promise((resolve) => context.subscribe('git:pushed', resolve));
await context.start();

await context.entityService.createEntity({ entityType: 'note', id: 'hello', content: '# Hello\n' });
const { commit } = await context.workspace.git.commit('Lesson 1 finished'); // exports first what is pending
await pushed;
console.log(`pushed ${commit}`);
await context.close();
