'use strict';
// Fresh folders, and programs that run beside the test.
const { spawn, execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const fluentsync = require(process.env.FLUENTSYNC_PACKAGE);

/** A folder that goes with the test. */
function folder(test) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'fluentsync-node-'));
  test.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

function options(place, git) {
  return {
    store: { path: path.join(place, 'a.db'), durable: false },
    directory: { syncPath: path.join(place, 'notes'), syncDebounce: 1 },
    ...(git && { git: { commitDebounce: 1, authorName: 'Ada', authorEmail: 'ada@example.org', ...git } }),
  };
}

/** A workspace that closes with the test. */
function workspace(test, place, git) {
  const made = new fluentsync.Workspace(options(place, git));
  test.after(() => made.close());
  return made;
}

function git(place, ...words) {
  return execFileSync('git', ['-C', place, ...words], { encoding: 'utf8' }).trim();
}

/** Runs JavaScript in a process of its own; what it wrote and how it ended. */
function run(code, ...words) {
  const child = spawn(process.execPath, ['-e', code, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, output: output.trim() })));
}

module.exports = { fluentsync, folder, options, workspace, git, run };
