import { readXml } from '../src/domains/speakers/testing/well-formed-xml.js';
import { ApiClient } from './harness/api-client.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';

interface Stats {
  duration: number;
  speech: number;
  silence: number;
  overlap: number;
  speakers: { speaker: string; talk: number; turns: number }[];
}

describe('The result of a diarization', () => {
  let world: World;
  let job: JobAnswer;

  beforeAll(async () => {
    world = await (await World.create('results')).start();
    job = await world.until((await world.diarize({ transcription: true })).id, 'succeeded');
  });

  afterAll(() => world.end());

  const get = <T = string>(query: string, headers?: Record<string, string>, id = job.id) =>
    world.client.get<T>(`/v1/jobs/${id}/result${query}`, headers);
  const turns = () => job.result?.diarization ?? [];

  it('is linked from its job, and is what the job shows', async () => {
    const { body } = await world.client.get<{ links: Record<string, string>; resultSize: number | null }>(
      `/v1/jobs/${job.id}`,
    );
    expect([body.links.result, body.resultSize]).toEqual([`/v1/jobs/${job.id}/result`, null]);
    const result = await get<JobAnswer['result']>('');
    expect(result.headers.get('content-type')).toMatch(/^application\/json/);
    expect(result.body).toEqual(job.result);
  });

  it.each([
    ['rttm', 'text/x-rttm', 'text/x-rttm; charset=utf-8', 'rttm'],
    ['csv', 'text/csv', 'text/csv; charset=utf-8; header=present', 'csv'],
    ['vtt', 'text/vtt', 'text/vtt; charset=utf-8', 'vtt'],
    ['txt', 'text/plain', 'text/plain; charset=utf-8', 'txt'],
    ['svg', 'image/svg+xml', 'image/svg+xml; charset=utf-8', 'svg'],
    ['stats', '', 'application/json; charset=utf-8', 'stats.json'],
  ])('comes as %s, by name and by type', async (name, accept, type, extension) => {
    const byName = await get(`?format=${name}`);
    expect(byName.status).toBe(200);
    expect(byName.headers.get('content-type')).toBe(type);
    expect(byName.headers.get('vary')).toBe('Accept, Accept-Encoding');
    expect(byName.headers.get('content-disposition')).toMatch(
      new RegExp(`filename="diarization_\\d{8}_\\d{6}_${job.id}\\.${extension.replace('.', '\\.')}"`),
    );
    if (accept !== '') expect((await get('', { accept })).body).toBe(byName.body);
    const etag = byName.headers.get('etag') ?? '';
    const again = await get(`?format=${name}`, { 'if-none-match': etag });
    expect([again.status, again.headers.get('etag'), again.body]).toEqual([304, etag, '']);
  });

  it('says the same in every form', async () => {
    const lines = (await get('?format=rttm')).body.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[7])).toEqual(turns().map(({ speaker }) => speaker));
    const rows = (await get('?format=csv')).body.trimEnd().split('\r\n').slice(1);
    expect(rows).toEqual(
      turns().map(({ speaker, start, end }) =>
        [speaker, start.toFixed(3), end.toFixed(3), (end - start).toFixed(3)].join(','),
      ),
    );
    const stats = (await get<Stats>('?format=stats')).body;
    expect(stats.speakers.reduce((sum, one) => sum + one.turns, 0)).toBe(turns().length);
    expect(stats.speech + stats.silence).toBeCloseTo(stats.duration, 6);
    expect((await get('?format=vtt')).body).toMatch(/^WEBVTT\n\n\d\d:\d\d:\d\d\.\d{3} --> .*\n<v SPEAKER_0\d>/);
    expect((await get('?format=txt')).body).toMatch(/^\[00:00:00\] SPEAKER_0\d: \[speech/);
    const picture = readXml((await get('?format=svg')).body);
    expect(picture.filter(({ name }) => name === 'path')).toHaveLength(stats.speakers.length);
  });

  it('has no captions where nobody asked for a transcription, and says what to ask for', async () => {
    const silent = await world.until((await world.diarize()).id, 'succeeded');
    for (const name of ['vtt', 'txt']) {
      expect(await get<Record<string, unknown>>(`?format=${name}`, {}, silent.id)).toMatchObject({
        status: 409,
        body: { code: 'no_transcription', detail: expect.stringContaining('"transcription": true') as string },
      });
    }
  });

  it('is told what there is, when another form is asked for', async () => {
    expect(await get<Record<string, unknown>>('?format=docx')).toMatchObject({
      status: 400,
      body: {
        errors: [
          { field: 'format', detail: expect.stringContaining('json, rttm, csv, vtt, txt, svg, stats') as string },
        ],
      },
    });
    expect(await get<Record<string, unknown>>('?format=csv&format=svg')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'format' }] },
    });
    expect(await get<Record<string, unknown>>('?formt=csv')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'formt' }] },
    });
    expect(await get<Record<string, unknown>>('', { accept: 'video/mp4' })).toMatchObject({
      status: 406,
      body: { code: 'not_acceptable' },
    });
  });

  it('is nobody else’s', async () => {
    await world.team('red');
    const red = new ApiClient(world.url, await world.key(['jobs:read'], 'red'));
    for (const path of [`${job.id}/result`, `${job.id}/result?format=svg`, `${job.id}/result?format=docx`, 'x/result'])
      expect(await red.get(`/v1/jobs/${path}`)).toMatchObject({ status: 404, body: { code: 'job_not_found' } });
    const blind = new ApiClient(world.url, await world.key(['files:write']));
    expect(await blind.get(`/v1/jobs/${job.id}/result`)).toMatchObject({ status: 403 });
  });

  it('is not there while the job is open; who waits gets it', async () => {
    await world.vendor.fault('processing', { ms: 60_000 });
    const { id } = await world.diarize();
    await world.vendor.clearFaults();
    expect(await get<Record<string, unknown>>('?format=csv', {}, id)).toMatchObject({
      status: 409,
      body: { code: 'not_settled' },
    });
    const waited = await get('?format=csv', { prefer: 'wait=20' }, id);
    expect([waited.status, waited.headers.get('preference-applied')]).toEqual([200, 'wait=20']);
  });

  it('is never there when the job failed, and the answer says why', async () => {
    await world.vendor.fault('fail', { error: 'no audio in it' });
    const { id } = await world.diarize();
    await world.until(id, 'failed');
    await world.vendor.clearFaults();
    expect(await get<Record<string, unknown>>('', {}, id)).toMatchObject({
      status: 409,
      body: { code: 'no_result', detail: expect.stringContaining('no audio in it') as string },
    });
  });
});
