'use strict';
// What 100,000 `get` calls cost from Node beside C's, on one entity of 2,000 bytes: the median of rounds, as a row of the
// table that `sh cmake/bench_calls.sh` prints.
//
// usage: FLUENTSYNC_PACKAGE=build/release/capi/node node tests/node/bench_get.js NANOSECONDS_OF_C
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Workspace } = require(path.resolve(process.env.FLUENTSYNC_PACKAGE));

const CALLS = 100000;
const ROUNDS = 9;

async function main(inC) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fluentsync-bench-'));
  const brain = new Workspace({ store: { path: `${folder}/get.db` }, directory: { syncPath: `${folder}/notes` } });
  brain.store.put('note', 'a', 'x'.repeat(2000));
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = process.hrtime.bigint();
    for (let i = 0; i < CALLS; i++) if (brain.store.get('note', 'a').content.length !== 2000) throw new Error('a wrong content');
    rounds.push(Number(process.hrtime.bigint() - begun) / CALLS);
  }
  await brain.close();
  fs.rmSync(folder, { recursive: true });
  const ours = rounds.sort((a, b) => a - b)[ROUNDS >> 1];
  console.log(`| Node | ${ours.toFixed(0)} | C | ${inC} | ${(ours / inC).toFixed(2)} |`);
}

main(Number(process.argv[2]));
