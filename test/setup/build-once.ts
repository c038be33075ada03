import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Journeys run the built command line as processes of their own; built here, once, they never build side by side. */
export function buildOnce(): void {
  const built = spawnSync(process.execPath, [join(__dirname, '../../bin/signalbox.js'), '--version'], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`The build failed:\n${built.stderr}${built.stdout}`);
}
