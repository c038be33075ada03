import { execFileSync } from 'node:child_process';
import { BatchDesk } from './harness/batch.js';
import type { BatchAnswer } from './harness/batch.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import { Voices, tablesWith, turnAlone, turnOf } from './harness/voices.js';

describe('A batch of voices', () => {
  let world: World;
  let desk: BatchDesk;
  let mine: Voices;

  beforeAll(async () => {
    world = await (await World.create('batches-speakers')).start();
    desk = new BatchDesk(world);
    await world.team('radio');
    mine = new Voices(world, await world.key(['files:write', 'jobs:read', 'jobs:write'], 'radio'));
  });

  afterAll(() => world.end());

  const submit = (body: object) => mine.api.post<BatchAnswer>('/v1/batches', body);

  async function archive(id: string, key: string): Promise<string> {
    const url = new URL(`/v1/batches/${id}/results`, world.url);
    const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
    return execFileSync('tar', ['-xzO'], { input: Buffer.from(await answer.arrayBuffer()), encoding: 'utf8' });
  }

  it('enrols many, each under its own name, and shows their prints to their own team alone', async () => {
    const files = await Promise.all([turnOf('low'), turnOf('high')].map((turn) => mine.file(turnAlone(turn))));
    const items = files.map((file, i) => ({ file, label: ['Boris', 'Vera'][i] }));
    const { status, body } = await submit({ kind: 'voiceprint', items });
    expect(status).toBe(202);
    expect((await desk.finished(body.id)).counts).toEqual({ succeeded: 2 });
    const library = await eventually('both are in the library', async () => {
      const found = await mine.list();
      return found.length === 2 && found;
    });
    expect(library.map(({ label }) => label).sort()).toEqual(['Boris', 'Vera']);
    const [print = ''] = await Promise.all(
      library.map(
        async ({ id }) => (await mine.api.get<{ voiceprint: string }>(`/v1/voiceprints/${id}`)).body.voiceprint,
      ),
    );
    expect(print).not.toBe('');
    expect(await tablesWith(world, print)).toEqual([]);
    expect(await archive(body.id, mine.key)).toContain(print);
    expect(await archive(body.id, await world.key(['jobs:read', 'operate']))).not.toContain(print);
  });

  it('names them in many recordings, looked up in the library once per job and sealed in each', async () => {
    const items = Array.from({ length: 3 }, () => ({ url: world.vendor.audio }));
    const options = { voiceprints: [{ label: 'Vera' }, { label: 'Boris' }], matching: { threshold: 50 } };
    const { status, body } = await submit({ kind: 'identification', options, items });
    expect(status).toBe(202);
    expect((await desk.finished(body.id)).counts).toEqual({ succeeded: 3 });
    const text = await archive(body.id, mine.key);
    expect(text.match(/"match": "Vera"/g)?.length).toBeGreaterThanOrEqual(3);
    const inputs = await world.db.query<{ print: string }>(
      `select jsonb_path_query(input, '$.voiceprints[*].voiceprint')#>>'{}' as print from jobs where batch_id = $1`,
      [body.id],
    );
    expect(inputs).toHaveLength(6);
    for (const { print } of inputs) expect(print).toMatch(/^v1\./);
  });

  it('is refused for somebody whom the library does not know, once and among the options', async () => {
    const items = Array.from({ length: 5 }, () => ({ url: world.vendor.audio }));
    const options = { voiceprints: [{ label: 'Vera' }, { label: 'Nobody' }] };
    const refused = await submit({ kind: 'identification', options, items });
    expect([refused.status, refused.body.errors?.map(({ field }) => field)]).toEqual([
      400,
      ['options.voiceprints[1].label'],
    ]);
  });

  it('has names with its items, and none among its options', async () => {
    const items = [
      { url: world.vendor.audio, label: 'Boris' },
      { url: world.vendor.audio, label: 7 },
    ];
    const wrong = await submit({ kind: 'voiceprint', items });
    expect(wrong.body.errors?.map(({ field }) => field)).toEqual(['items[1].label']);
    const misplaced = await submit({ kind: 'voiceprint', options: { label: 'Boris' }, items: items.slice(0, 1) });
    expect(misplaced.body.errors?.map(({ field }) => field)).toEqual(['options.label']);
    const stranger = await submit({ kind: 'diarization', items: items.slice(0, 1) });
    expect(stranger.body.errors?.map(({ field }) => field)).toEqual(['items[0].label']);
  });
});
