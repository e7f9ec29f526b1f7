'use strict';
// Takes the binary that came with the package where it loads, and else builds one over the C library of this machine.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** Whether the binary loads, in a process of its own: one that does not may end it. */
function loads() {
  try {
    execFileSync(process.execPath, ['-e', 'require("./lib/native.js")'], { cwd: __dirname, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Of this Node's own installation, or of npm's package node-api-headers. */
function headers() {
  const own = path.join(path.dirname(path.dirname(process.execPath)), 'include', 'node');
  return fs.existsSync(path.join(own, 'node_api.h')) ? own : require('node-api-headers').include_dir;
}

function build() {
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'fluentsync-c'], { encoding: 'utf8' });
  const sources = fs.readdirSync(path.join(__dirname, 'src')).filter((name) => name.endsWith('.cpp'));
  fs.mkdirSync(path.join(__dirname, 'built'), { recursive: true });
  const built = path.join(__dirname, 'built', 'fluentsync.node');
  const undefinedLater = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  execFileSync(
    process.env.CXX ?? 'c++',
    ['-std=c++17', '-O2', '-shared', '-fPIC', '-fvisibility=hidden', `-I${headers()}`, ...undefinedLater,
      ...sources.map((name) => path.join('src', name)), '-o', built, ...flags.trim().split(/\s+/)],
    { cwd: __dirname, stdio: 'inherit' },
  );
}

if (!loads()) {
  try {
    build();
  } catch (error) {
    console.error(
      `fluentsync: no binary for ${process.platform}-${process.arch} loads here, and none could be built ` +
        `(${error.message.split('\n')[0]}): it takes a C++ compiler, pkg-config and FluentSync's C library`,
    );
    process.exit(1);
  }
}
