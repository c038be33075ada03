import { picture, zipWith, SVG } from '../src/domains/training/testing/pictures.js';
import type { ApiClient } from './harness/api-client.js';
import { LimitedTeam } from './harness/limited-team.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { upload } from './harness/upload.js';

const PORTRAIT = 'fal-ai/flux-lora-portrait-trainer';

type Training = JobAnswer & {
  code: string;
  detail: string;
  price: number | null;
  input: Record<string, unknown>;
  warnings: string[];
  errors: { field: string; detail: string }[];
};

interface DryRun {
  dryRun: boolean;
  trainer: string;
  inputs: object;
  price: number | null;
  warnings: string[];
}

describe('An order of a training', () => {
  let world: World;
  let key: string;
  let api: ApiClient;
  let jpeg: Buffer;

  beforeAll(async () => {
    world = await (await World.create('trainings-orders', { env: { FILES_MAX_BYTES: '2000000' } })).start();
    key = await world.key(['files:write', 'jobs:read', 'jobs:write']);
    api = world.client.withKey(key);
    jpeg = await picture();
  });

  afterEach(() => world.fal.clearFaults());
  afterAll(() => world.end());

  const order = (body: object, by = api, headers?: Record<string, string>) =>
    by.post<Training>('/v1/trainings', body, headers);
  const dryRun = (body: object) => api.post<DryRun & Training>('/v1/trainings?dryRun=true', body);
  const file = async (name: string, bytes: Buffer) =>
    (await upload(world.url, key, bytes, { query: `?name=${encodeURIComponent(name)}` })).body.id;
  const jobs = async () => (await world.db.query('select id from jobs')).length;
  const sentFor = async (job: JobAnswer) => (await world.fal.training(job.externalId ?? '')).request;

  async function expectFault(body: object, field: string, detail: string): Promise<void> {
    const answer = await order(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors.find((error) => error.field === field)?.detail).toContain(detail);
  }

  it('of a portrait is sent under the names of its trainer, and has a price', async () => {
    const url = world.fal.images();
    const made = await order({ type: 'portrait', url, triggerWord: 'annaphoto', steps: 2_000, extra: { seed: 7 } });
    expect([made.status, made.body.price, made.body.warnings]).toEqual([202, 4.8, []]);
    expect(made.headers.get('location')).toBe(`/v1/jobs/${made.body.id}`);
    const job = await world.until(made.body.id, 'succeeded');
    const request = { images_data_url: url, trigger_phrase: 'annaphoto', steps: 2_000, seed: 7 };
    expect(await world.fal.training(job.externalId ?? '')).toMatchObject({ endpoint: PORTRAIT, request });
    expect(job.result).toMatchObject({ diffusers_lora_file: { url: expect.stringMatching(/^http/) as string } });
  });

  it('of a style with uploaded images goes there as one zip, with its captions', async () => {
    const files = [
      await file('1.jpg', jpeg),
      await file('2.png', await picture('png')),
      await file('2.txt', Buffer.from('b')),
    ];
    const made = await order({ type: 'style', files, captions: { '1.jpg': 'a' }, triggerWord: 'inkwash' });
    expect(made.body.warnings.join('\n')).toContain('there are 2 images; at least 4 are advised');
    expect(made.body.warnings.join('\n')).toContain('does not use triggerWord');
    const job = await world.until(made.body.id, 'succeeded');
    const trained = await world.fal.training(job.externalId ?? '');
    expect(trained).toMatchObject({ images: 2, captions: 2, request: { is_style: true, trigger_word: 'inkwash' } });
    const shown = await api.get<Training>(`/v1/jobs/${job.id}`);
    expect(shown.body.input).toMatchObject({ files, warnings: made.body.warnings });
  });

  it('with an uploaded zip is uploaded again when the vendor’s storage fails, and sent once', async () => {
    await world.fal.fault('status', { on: 'storage', code: 503 });
    const zip = await file('anna.zip', await zipWith(Array.from({ length: 4 }, (_, i) => [`${i}.jpg`, jpeg] as const)));
    const made = await order({ trainer: 'fal-ai/turbo-flux-trainer', file: zip });
    const job = await world.until(made.body.id, 'succeeded');
    expect(String((await sentFor(job)).images_data_url)).toMatch(new RegExp(`${made.body.id}\\.zip$`));
    expect(
      (await world.fal.record()).jobs.filter(({ endpoint }) => endpoint === 'fal-ai/turbo-flux-trainer'),
    ).toHaveLength(1);
    const types = (await world.events(job.id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'training.queued')).toHaveLength(2);
  });

  it('can be tried without making or sending anything', async () => {
    const [before, trained] = [await jobs(), (await world.fal.record()).jobs.length];
    const tried = await dryRun({ type: 'portrait', url: world.fal.images(), triggerWord: 'x' });
    expect([tried.status, tried.body]).toEqual([
      200,
      { dryRun: true, trainer: PORTRAIT, inputs: { trigger_phrase: 'x' }, price: 6, warnings: [] },
    ]);
    const unknown = await dryRun({ trainer: 'fal-ai/flux-krea-trainer', url: world.fal.images() });
    expect([unknown.status, unknown.body.price]).toEqual([200, null]);
    expect((await dryRun({ type: 'portrait', files: [await file('a.jpg', SVG)] })).status).toBe(400);
    expect((await dryRun({ type: 'portrait', file: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' })).status).toBe(400);
    expect((await api.post('/v1/trainings?dryRun=maybe', { type: 'portrait' })).status).toBe(400);
    expect([await jobs(), (await world.fal.record()).jobs.length]).toEqual([before, trained]);
  });

  it('is refused with the field and the fix, and no job is made', async () => {
    const [before, url] = [await jobs(), world.fal.images()];
    await expectFault({ url }, 'type', 'is required');
    await expectFault({ type: 'portrait', trainer: PORTRAIT, url }, 'trainer', 'leave one of them out');
    await expectFault({ trainer: 'fal-ai/flux-pro-trainer', url }, 'trainer', 'is retired');
    await expectFault({ trainer: 'fal-ai/none', url }, 'trainer', 'take one of fal-ai/flux-lora-portrait-trainer');
    await expectFault({ type: 'portrait' }, 'url', 'is required');
    await expectFault({ type: 'portrait', url: 'http://169.254.169.254/a.zip' }, 'url', 'points to a private address');
    await expectFault({ type: 'portrait', url, isStyle: true }, 'isStyle', `is no option of ${PORTRAIT}`);
    await expectFault({ type: 'portrait', url, steps: 0 }, 'steps', 'above 0');
    await expectFault({ type: 'portrait', url, step: 1 }, 'step', 'unknown field');
    await expectFault({ type: 'portrait', url, extra: { steps: 1 } }, 'extra.steps', 'use steps');
    await expectFault({ type: 'portrait', files: [] }, 'files', 'must name at least one image');
    await expectFault({ type: 'portrait', url, captions: { a: 'b' } }, 'captions', 'go with files only');
    expect(await jobs()).toBe(before);
  });

  it('is refused with images that are none, by their names', async () => {
    const [good, bad] = [await file('1.jpg', jpeg), await file('2.jpg', SVG)];
    await expectFault({ type: 'portrait', files: [good, bad] }, 'files[1]', '"2.jpg" is no image');
    await expectFault({ type: 'portrait', file: good }, 'file', 'is no zip archive');
    const slip = await file('slip.zip', await zipWith([['../../1.jpg', jpeg]]));
    await expectFault({ type: 'portrait', file: slip }, 'file', '"../../1.jpg" has a name that leads out');
    const bomb = await file('bomb.zip', await zipWith([['1.jpg', Buffer.alloc(20_000_000)]]));
    await expectFault({ type: 'portrait', file: bomb }, 'file', '200 times its size');
    const empty = await file('empty.zip', await zipWith([['1.txt', 'x']]));
    await expectFault({ type: 'portrait', file: empty }, 'file', 'has no images in it');
  });

  it('has no images of more bytes than are taken', async () => {
    const sent = await upload(world.url, key, Buffer.alloc(2_000_001), { query: '?name=large.zip' });
    expect(sent.status).toBe(413);
  });

  it('is refused for files that are not the team’s own', async () => {
    const zip = await file('anna.zip', await zipWith([['1.jpg', jpeg]]));
    await world.team('strangers');
    const stranger = api.withKey(await world.key(['jobs:write'], 'strangers'));
    const answer = await order({ type: 'portrait', file: zip }, stranger);
    expect([answer.status, answer.body.errors[0]?.field]).toEqual([400, 'file']);
  });

  it('is the same job under the same idempotency key, though its images are gone by then', async () => {
    const zip = await file('anna.zip', await zipWith([['1.jpg', jpeg]]));
    const [headers, body] = [{ 'idempotency-key': 'anna' }, { type: 'portrait', file: zip }];
    const first = await order(body, api, headers);
    await world.until(first.body.id, 'succeeded');
    await api.ask(`/v1/files/${zip}`, { method: 'DELETE' });
    const again = await order(body, api, headers);
    expect([again.status, again.body.id, again.body.warnings]).toEqual([202, first.body.id, first.body.warnings]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('counts against the budget of its team', async () => {
    const thrifty = await LimitedTeam.create(world, 'thrifty', { monthlyBudget: 7 });
    const body = { type: 'portrait', url: world.fal.images() };
    expect((await order(body, thrifty.client)).status).toBe(202);
    const refused = await order(body, thrifty.client);
    expect([refused.status, refused.body.code]).toEqual([402, 'budget_exceeded']);
    expect(refused.body.detail).toContain('this request costs about 6.00 USD');
    expect((await order({ ...body, type: 'style', steps: 500 }, thrifty.client)).status).toBe(202);
    expect((await thrifty.used()).monthlyBudget).toBe(7);
  });

  it('can be one of many, each with its own images and trigger', async () => {
    const zip = await file('anna.zip', await zipWith([['1.jpg', jpeg]]));
    const items = [
      { url: world.fal.images(), triggerWord: 'anna' },
      { file: zip, triggerWord: 'ben' },
    ];
    const made = await api.post<{ id: string }>('/v1/batches', {
      kind: 'training',
      options: { type: 'portrait' },
      items,
    });
    expect(made.status).toBe(202);
    const { body } = await api.get<{ items: Training[] }>(`/v1/jobs?batch=${made.body.id}`);
    expect(body.items.map(({ input }) => input.inputs)).toEqual([
      { trigger_phrase: 'ben' },
      { trigger_phrase: 'anna' },
    ]);
    const bad = await api.post<Training>('/v1/batches', {
      kind: 'training',
      options: { type: 'portrait' },
      items: [{}],
    });
    expect([bad.status, bad.body.errors[0]?.field]).toEqual([400, 'items[0].url']);
  });
});
