import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processBirth } from './process-birth.js';
import { findRunningPostgres, removeRuntimeFile, runtimePath, writeRuntimeFile } from './runtime-file.js';

describe('the file for the command line', () => {
  let home: string;
  const silent = { url: 'postgres://signalbox:x@127.0.0.1:1/signalbox', pid: 1, ownerPid: process.pid };
  beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'home-'))));
  afterEach(() => rm(home, { recursive: true }));

  it('is for its owner’s eyes, and can be written again', async () => {
    await writeRuntimeFile(home, { ...silent, ownerBirth: 'a' });
    await writeRuntimeFile(home, { ...silent, ownerBirth: 'b' });
    expect((await stat(runtimePath(home))).mode & 0o777).toBe(0o600);
    await removeRuntimeFile(home);
    await removeRuntimeFile(home);
  });

  it('leads nowhere when it is missing, no folder or not readable as JSON', async () => {
    expect(await findRunningPostgres(home)).toBeNull();
    await writeFile(runtimePath(home), '{"url":');
    expect(await findRunningPostgres(home)).toBeNull();
    expect(await findRunningPostgres(runtimePath(home))).toBeNull();
  });

  it('leads nowhere when its owner is gone, or its server does not answer', async () => {
    await writeRuntimeFile(home, { ...silent, ownerBirth: 'an earlier boot/1' });
    expect(await findRunningPostgres(home)).toBeNull();
    await writeRuntimeFile(home, { ...silent, ownerBirth: (await processBirth(process.pid)) ?? '' });
    expect(await findRunningPostgres(home)).toBeNull();
  });
});
