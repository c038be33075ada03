import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { envClasses } from './http-app.js';
import { describeEnv, parseEnv } from './kernel/config/parse-env.js';
import { ServiceEnv } from './kernel/config/service.env.js';

const FOLDER = join(__dirname, '..', 'docker', 'systemd');
const names = readdirSync(FOLDER);

/** Section, key and value of each line that is neither empty nor a comment. */
function linesOf(name: string): [section: string, key: string, value: string][] {
  let section = '';
  return readFileSync(join(FOLDER, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line): [string, string, string][] => {
      const [, head] = /^\[(\w+)\]$/.exec(line) ?? [];
      if (head !== undefined) {
        section = head;
        return [];
      }
      const at = line.indexOf('=');
      return [[section, line.slice(0, at), line.slice(at + 1)]];
    });
}

const valuesOf = (name: string, key: string) =>
  linesOf(name).flatMap(([, found, value]) => (found === key ? [value] : []));

describe('The units for systemd', () => {
  it('are one for each role, and one for the schema', () => {
    expect(names.sort()).toEqual(['signalbox-api.service', 'signalbox-migrate.service', 'signalbox-worker.service']);
  });

  describe.each(names)('%s', (name) => {
    it('is well formed, and no key stands outside of a section', () => {
      for (const [section, key, value] of linesOf(name)) {
        expect(['Unit', 'Service', 'Install']).toContain(section);
        expect(`${key}=${value}`).toMatch(/^[A-Z][A-Za-z]+=/);
      }
    });

    it('sets only variables that are read', () => {
      const known = envClasses.flatMap((cls) => describeEnv(cls)).map((key) => key.name);
      const set = valuesOf(name, 'Environment').flatMap((value) => value.split(' ').map((pair) => pair.split('=')[0]));
      expect(set).toContain('MALLOC_ARENA_MAX');
      const ofNode = ['MALLOC_ARENA_MAX', 'UV_THREADPOOL_SIZE'];
      expect(set.filter((key = '') => !known.includes(key) && !ofNode.includes(key))).toEqual([]);
    });

    it('runs as somebody who may do little, and where code is made at run time', () => {
      expect(valuesOf(name, 'User')).toEqual(['signalbox']);
      expect(valuesOf(name, 'NoNewPrivileges')).toEqual(['true']);
      expect(valuesOf(name, 'ProtectSystem')).toEqual(['strict']);
      expect(valuesOf(name, 'CapabilityBoundingSet')).toEqual(['']);
      // V8 compiles as it runs.
      expect(valuesOf(name, 'MemoryDenyWriteExecute')).toEqual([]);
    });
  });

  it.each(['api', 'worker'])('give %s its role, and longer to stop than it takes', (role) => {
    const name = `signalbox-${role}.service`;
    expect(valuesOf(name, 'Environment').join(' ')).toMatch(new RegExp(`\\bROLE=${role}\\b`));
    const grace = parseEnv(ServiceEnv, {}).SHUTDOWN_GRACE;
    expect(Number(valuesOf(name, 'TimeoutStopSec')[0])).toBeGreaterThanOrEqual(grace + 5);
  });

  const analyze = '/usr/bin/systemd-analyze';
  // It says so as well when the program of a unit is not where the unit expects it.
  const canVerify = existsSync(analyze) && existsSync('/usr/bin/node');

  (canVerify ? it : it.skip)('are understood by systemd, key by key', () => {
    const files = names.map((name) => join(FOLDER, name));
    const { stdout, stderr } = spawnSync(analyze, ['verify', '--man=no', ...files], { encoding: 'utf8' });
    const ours = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('signalbox-'));
    expect(ours).toEqual([]);
  });
});
