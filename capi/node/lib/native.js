'use strict';
// The addon: built on this machine, or the one that came with the package.
const fs = require('node:fs');
const path = require('node:path');

const places = ['built', `prebuilt/${process.platform}-${process.arch}`];
const found = places
  .map((place) => path.join(__dirname, '..', place, 'fluentsync.node'))
  .find((file) => fs.existsSync(file));
if (!found) {
  throw new Error(
    `fluentsync has no binary for ${process.platform}-${process.arch}: install FluentSync's C library and a C++ ` +
      'compiler, then run "npm rebuild fluentsync"',
  );
}
module.exports = require(found);
