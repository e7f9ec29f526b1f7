// Full automation: files, commits and pushes follow by themselves, and what others push arrives every five minutes.
// usage: node full_automation.mjs FOLDER REMOTE
import { createContext, directorySync, GitSyncPlugin } from 'fluentsync';

const [folder, remote] = process.argv.slice(2);
const context = createContext({
  dbPath: `${folder}.db`,
  syncPath: folder,
  plugins: [
    directorySync({ autoSync: true, syncDebounce: 1000 }),
    new GitSyncPlugin({ gitUrl: remote, autoSync: true, syncInterval: 300, autoPush: true, commitDebounce: 100 }),
  ],
});
context.subscribe('entity:created', (event) => console.log(`created ${event.type}/${event.id}`));
const events = context.workspace.events();
await context.start();

await context.entityService.createEntity({ entityType: 'note', id: 'hello', content: '# Hello\n' });
for await (const event of events) {
  if (event.name !== 'git:pushed') continue;
  console.log(`pushed ${event.commit}`);
  break;
}
await context.close();
