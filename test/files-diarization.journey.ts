import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { upload } from './harness/upload.js';

const audio = readFileSync(resolve(__dirname, '../examples/audio/two-voices.wav'));

interface Refusal {
  code: string;
  errors: { field: string; detail: string }[];
}

describe('A diarization of audio that was uploaded', () => {
  let world: World;
  let key: string;
  let api: ApiClient;

  beforeAll(async () => {
    world = await (await World.create('files-diarization', { env: { FILES_TTL: '600' } })).start();
    key = await world.key(['files:write', 'jobs:read', 'jobs:write']);
    api = new ApiClient(world.url, key);
  });

  afterEach(() => world.vendor.clearFaults());
  afterAll(() => world.end());

  const file = async () => (await upload(world.url, key, audio, { query: '?name=two-voices.wav' })).body;
  const order = (body: object, headers?: Record<string, string>) =>
    api.post<JobAnswer & Refusal>('/v1/diarizations', body, headers);
  const requestsFor = async (path: string) =>
    (await world.vendor.record()).requests.filter((request) => request.path.includes(path));

  async function expectFileFault(body: object, detail: string, by: ApiClient = api): Promise<void> {
    const answer = await by.post<Refusal>('/v1/diarizations', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors.find(({ field }) => field === 'file')?.detail).toContain(detail);
  }

  it('has the same turns as by address', async () => {
    const { id } = await file();
    const made = await order({ file: id, labels: { by: 'upload' } });
    expect(made.status).toBe(202);
    const [byFile, byUrl] = await Promise.all([
      world.until(made.body.id, 'succeeded'),
      world.diarize().then((job) => world.until(job.id, 'succeeded')),
    ]);
    expect(byFile.result?.diarization?.length).toBeGreaterThanOrEqual(6);
    expect(byFile.result).toEqual(byUrl.result);
    const { jobs } = await world.vendor.record();
    const sent = jobs.find(({ jobId }) => jobId === byFile.externalId);
    expect(sent?.request.url).toMatch(/^media:\/\/signalbox\//);
    expect(sent?.request).not.toHaveProperty('file');
    const { body } = await api.get<{ input: object }>(`/v1/jobs/${made.body.id}`);
    expect(body.input).toEqual({ file: id });
  });

  it('keeps its file alive for as long as it may wait', async () => {
    const { id, expiresAt } = await file();
    const made = await order({ file: id });
    const after = await api.get<{ expiresAt: string }>(`/v1/files/${id}`);
    // Eight days at this pace, instead of ten minutes.
    expect(Date.parse(after.body.expiresAt) - Date.parse(expiresAt ?? '')).toBeGreaterThan(3_600_000);
    await world.until(made.body.id, 'succeeded');
  });

  it('is uploaded again when the vendor’s storage fails, and ordered once', async () => {
    await world.vendor.fault('status', { on: 'storage', code: 503 });
    const before = (await requestsFor('/v1/diarize')).length;
    const made = await order({ file: (await file()).id });
    const job = await world.until(made.body.id, 'succeeded');
    expect(job.result?.diarization?.length).toBeGreaterThan(0);
    expect((await requestsFor('/v1/diarize')).length).toBe(before + 1);
    const types = (await world.events(made.body.id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'diarization.queued')).toHaveLength(2);
    expect(types).not.toContain('diarization.unconfirmed');
  });

  it('fails before it costs anything when its file is deleted while it waits', async () => {
    for (let i = 0; i < 40; i++) await world.vendor.fault('status', { on: 'media', code: 503 });
    const before = (await requestsFor('/v1/diarize')).length;
    const { id } = await file();
    const made = await order({ file: id });
    await eventually('it was put off', async () =>
      (await world.events(made.body.id)).some(({ what }) => String(what.reason).includes('503')),
    );
    expect((await api.ask(`/v1/files/${id}`, { method: 'DELETE' })).status).toBe(204);
    const job = await world.until(made.body.id, 'failed');
    expect(job.error?.code).toBe('file_gone');
    expect((await requestsFor('/v1/diarize')).length).toBe(before);
  });

  it('is the same job under the same idempotency key, though its file is gone by then', async () => {
    const { id } = await file();
    const headers = { 'idempotency-key': 'with-file' };
    const first = await order({ file: id }, headers);
    await world.until(first.body.id, 'succeeded');
    await api.ask(`/v1/files/${id}`, { method: 'DELETE' });
    const again = await order({ file: id }, headers);
    expect([again.status, again.body.id]).toEqual([202, first.body.id]);
    await expectFileFault({ file: id }, 'names no file of yours');
  });

  it('is refused without a job for a file that is not the team’s own', async () => {
    const { id } = await file();
    await world.team('strangers');
    const stranger = new ApiClient(world.url, await world.key(['jobs:write'], 'strangers'));
    const jobs = async () => (await world.db.query('select id from jobs')).length;
    const before = await jobs();
    await expectFileFault({ file: id }, 'names no file of yours', stranger);
    await expectFileFault({ file: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' }, 'names no file of yours');
    await expectFileFault({ file: 'two-voices.wav' }, 'must be the id of an uploaded file');
    await expectFileFault({ file: id, url: world.vendor.audio }, 'cannot be given together with url');
    expect(await jobs()).toBe(before);
  });
});
