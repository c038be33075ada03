#!/usr/bin/env node
'use strict';
// Runs the built command line. In a checkout it builds first when there is no build, or when a source is newer than it.
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const built = join(root, 'dist', 'src', 'cli.js');

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
  const since =
    statSync(join(root, 'dist', 'build.tsbuildinfo'), { throwIfNoEntry: false })?.mtimeMs ?? statSync(built).mtimeMs;
  return ['src', 'migrations'].some((folder) => newest(join(root, folder)) > since);
}

const compiler = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
if (existsSync(join(root, 'src', 'cli.ts')) && existsSync(compiler) && isStale()) {
  process.stderr.write('building…\n');
  const build = spawnSync(process.execPath, [compiler, 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (build.status !== 0) process.exit(build.status ?? 1);
}
require(built);
