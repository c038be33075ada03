import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { birthInStat, processBirth, stillRuns } from './process-birth.js';

const stat = (state: string): string =>
  `42 (node (x) y) ${state} 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 11 0 987654 1 2`;

describe('the birth of a process', () => {
  it('is the boot and the moment after it', () => {
    expect(birthInStat(stat('S'), 'boot')).toBe('boot/987654');
  });

  it('does not count a zombie as a process', () => {
    expect(birthInStat(stat('Z'), 'boot')).toBeNull();
  });

  it('stays the same while the process runs, and is gone after', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const birth = await processBirth(pid);
    expect(birth).not.toBeNull();
    expect(birth).not.toBe(await processBirth(process.pid));
    expect(await stillRuns(pid, birth ?? '')).toBe(true);
    expect(await stillRuns(pid, 'another boot/1')).toBe(false);

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await processBirth(pid)).toBeNull();
    expect(await stillRuns(pid, birth ?? '')).toBe(false);
  });
});
