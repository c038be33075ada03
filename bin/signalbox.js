#!/usr/bin/env node
'use strict';
// Runs the built command line. In a checkout it builds first when there is no build, or when a source is newer than it.
const { spawnSync } = require('node:child_process');
const {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const built = join(root, 'dist', 'src', 'cli.js');
const info = join(root, 'dist', 'build.tsbuildinfo');
const lock = join(root, 'dist', '.building');

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(path));
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
      latest = Math.max(latest, statSync(path).mtimeMs);
  }
  return latest;
}

function isStale() {
  if (!existsSync(built)) return true;
  const since = statSync(info, { throwIfNoEntry: false })?.mtimeMs ?? statSync(built).mtimeMs;
  return ['src', 'migrations'].some((folder) => newest(join(root, folder)) > since);
}

/** Whether the process whose id the lock holds is at work; one that was killed left its lock behind. */
function isBuilding() {
  try {
    return process.kill(Number(readFileSync(lock, 'utf8')) || process.pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One at a time: a command must not load what another one is just writing. */
function withLock(work) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isBuilding()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      else rmSync(lock, { force: true });
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Returns the compiler's exit status. */
function build() {
  if (!isStale()) return 0;
  process.stderr.write('building…\n');
  const began = new Date();
  const { status } = spawnSync(process.execPath, [compiler, 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  // Sources that only look newer (a checkout, a touch) leave the compiler's notes alone: they would be stale for ever.
  if (status === 0 && existsSync(info)) utimesSync(info, began, began);
  return status ?? 1;
}

const compiler = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
if (existsSync(join(root, 'src', 'cli.ts')) && existsSync(compiler) && (isStale() || existsSync(lock))) {
  const status = withLock(build);
  if (status !== 0) process.exit(status);
}
require(built);
