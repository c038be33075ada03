import { Command } from './harness/command.js';
import { itLong } from './harness/long.js';
import type { Ended } from './harness/command.js';
import { makeEndpoint } from './harness/endpoint.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';

const key = (digit: string) => digit.repeat(64);
const [FIRST, SECOND, THIRD] = [key('a'), key('b'), key('c')];

describe('The master key of a database', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('key witness', { env: { SIGNALBOX_MASTER_KEY: FIRST } });
    await world.start();
  });
  afterAll(() => world.end());

  const witness = async (): Promise<string> => {
    const rows = await world.db.query<{ id: number; sealed: string }>('select id, sealed from key_witness');
    expect(rows.map(({ id }) => id)).toEqual([1]);
    return rows[0]?.sealed ?? '';
  };
  const again = async (more: Record<string, string>) => {
    await world.stop();
    await world.start(more);
  };

  /** As a process, without laptop comforts; started wrongly it ends by itself. */
  const inProduction = (more: Record<string, string>) =>
    Command.start(['serve', '--port', '0'], {
      env: {
        ...world.env,
        NODE_ENV: 'production',
        SIGNALBOX_SANDBOX: 'false',
        SIGNALBOX_TIME_FACTOR: '1',
        LOG_LEVEL: 'info',
        ...more,
      },
    });
  const expectRefusal = ({ with: code, stdout, stderr }: Ended) => {
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('SIGNALBOX_MASTER_KEY: what is sealed in this database') as string,
    });
    expect(stderr).toContain('SIGNALBOX_MASTER_KEY_PREVIOUS');
    expect(stderr).not.toMatch(/\n\s+at |node_modules/);
    for (const secret of [FIRST, SECOND, THIRD]) expect(stdout + stderr).not.toContain(secret);
  };

  itLong('is known from the first start on, and not written again by the next', async () => {
    const first = await witness();
    expect(first).not.toContain('signalbox');
    await again({});
    expect(await witness()).toBe(first);
  });

  it('is the only one with which production starts; another changes nothing', async () => {
    const before = await witness();
    const endpoint = await makeEndpoint(world.client, 'https://app.example.com/hook');
    const sealed = () => world.db.query('select secrets from endpoints where id = $1', [endpoint.id]);
    const secrets = await sealed();
    expectRefusal(await inProduction({ SIGNALBOX_MASTER_KEY: SECOND }).ended);
    expectRefusal(await inProduction({ SIGNALBOX_MASTER_KEY: SECOND, SIGNALBOX_MASTER_KEY_PREVIOUS: THIRD }).ended);
    const without = await inProduction({ SIGNALBOX_MASTER_KEY: '' }).ended;
    expect(without).toMatchObject({
      with: 1,
      stderr: expect.stringContaining('SIGNALBOX_MASTER_KEY: required') as string,
    });
    expect(await witness()).toBe(before);
    expect(await sealed()).toEqual(secrets);

    const right = inProduction({ SIGNALBOX_MASTER_KEY: FIRST });
    await eventually('it serves', () => Promise.resolve(right.log.some(({ msg }) => msg === 'serving')), 60_000);
    right.signal('SIGTERM');
    expect((await right.ended).with).toBe(0);
    expect(await witness()).toBe(before);
  });

  itLong('is only asked for loudly where nobody’s work is at stake', async () => {
    const before = await witness();
    const command = Command.start(['serve', '--port', '0'], {
      env: { ...world.env, SIGNALBOX_MASTER_KEY: SECOND, LOG_LEVEL: 'info' },
    });
    await eventually('it serves', () => Promise.resolve(command.log.some(({ msg }) => msg === 'serving')), 60_000);
    const said = command.log.filter(({ level }) => level === 'warn').map(({ msg }) => String(msg));
    expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/^SIGNALBOX_MASTER_KEY: .*another key/)]));
    command.signal('SIGTERM');
    await command.ended;
    expect(await witness()).toBe(before);
  });

  itLong('is the new one once it was turned, and the one before is then a stranger', async () => {
    const before = await witness();
    await again({ SIGNALBOX_MASTER_KEY: SECOND, SIGNALBOX_MASTER_KEY_PREVIOUS: FIRST });
    const renewed = await witness();
    expect(renewed).not.toBe(before);
    await again({ SIGNALBOX_MASTER_KEY: SECOND });
    expect(await witness()).toBe(renewed);
    expectRefusal(await inProduction({ SIGNALBOX_MASTER_KEY: FIRST }).ended);
    expect(await witness()).toBe(renewed);
  });
});
