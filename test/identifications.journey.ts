import { brokenPromises } from './harness/promise-checker.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { Voices, tablesWith, turnOf } from './harness/voices.js';
import type { Enrolled } from './harness/voices.js';

interface Refusal {
  code: string;
  errors: { field: string; detail: string }[];
}

interface Identified {
  identification: { diarizationSpeaker: string; match: string | null; start: number; end: number }[];
  voiceprints: { speaker: string; match: string | null }[];
  diarization: { speaker: string }[];
  confidence?: { score: number[] };
}

describe('An identification', () => {
  let world: World;
  let mine: Voices;
  let boris: Enrolled;
  let vera: Enrolled;
  const matching = { threshold: 50 };

  const team = async (name: string) => {
    await world.team(name);
    return new Voices(world, await world.key(['files:write', 'jobs:read', 'jobs:write'], name));
  };

  beforeAll(async () => {
    world = await (await World.create('identifications')).start();
    mine = await team('radio');
    boris = await mine.enrol('Boris', turnOf('low'));
    vera = await mine.enrol('Vera', turnOf('high'));
  });

  afterEach(() => world.vendor.clearFaults());
  afterAll(() => world.end());

  const order = <T = JobAnswer>(body: object, headers?: Record<string, string>, by = mine) =>
    by.api.post<T>('/v1/identifications', { url: world.vendor.audio, matching, ...body }, headers);

  async function identified(body: object): Promise<JobAnswer & { result: Identified }> {
    const made = await order(body);
    if (made.status !== 202) throw new Error(`not accepted: ${made.status} ${JSON.stringify(made.body)}`);
    await world.until(made.body.id, 'succeeded');
    return (await mine.api.get<JobAnswer & { result: Identified }>(`/v1/jobs/${made.body.id}`)).body;
  }
  const matches = ({ result }: { result: Identified }) => result.voiceprints.map(({ match }) => match);

  it('names the voices of the library, by label and by id', async () => {
    const job = await identified({ voiceprints: [{ label: 'Vera' }, { id: boris.entry.id }] });
    expect(matches(job)).toEqual(['Boris', 'Vera']);
    const speakers = job.result.identification.map(({ diarizationSpeaker, match }) => [diarizationSpeaker, match]);
    expect(speakers.slice(0, 2)).toEqual([
      ['SPEAKER_00', 'Boris'],
      ['SPEAKER_01', 'Vera'],
    ]);
    const shown = await mine.api.get<{ input: { voiceprints: object[] } }>(`/v1/jobs/${job.id}`);
    expect(shown.body.input.voiceprints).toEqual([
      { label: 'Vera', voiceprint: vera.print, id: vera.entry.id },
      { label: 'Boris', voiceprint: boris.print, id: boris.entry.id },
    ]);
    const { jobs } = await world.vendor.record();
    expect(jobs.find(({ jobId }) => jobId === job.externalId)?.request.voiceprints).toEqual([
      { label: 'Vera', voiceprint: vera.print },
      { label: 'Boris', voiceprint: boris.print },
    ]);
  });

  it('takes prints as they are, under any label; of several under one label in the library, the newest', async () => {
    const job = await identified({
      voiceprints: [
        { label: 'Chair', voiceprint: boris.print },
        { label: 'Guest', id: vera.entry.id },
      ],
    });
    expect(matches(job)).toEqual(['Chair', 'Guest']);
    // The newest print under this label is of the other voice.
    await mine.enrol('Somebody', turnOf('low'));
    const newest = await mine.enrol('Somebody', turnOf('high'));
    const other = await identified({ voiceprints: [{ label: 'Somebody' }] });
    expect(other.result.identification.some(({ match }) => match === 'Somebody')).toBe(true);
    expect(matches(other)).toEqual([null, 'Somebody']);
    expect(other).toMatchObject({ input: { voiceprints: [{ id: newest.entry.id }] } });
  });

  it('keeps a voice that is nobody’s as null', async () => {
    const job = await identified({ voiceprints: [{ label: 'Vera' }] });
    expect(matches(job)).toEqual([null, 'Vera']);
    expect(job.result.identification[0]).toMatchObject({ diarizationSpeaker: 'SPEAKER_00', match: null });
  });

  it('comes in every form of who spoke when, by the names of the people, and by the diarization’s where nobody fits', async () => {
    const { id } = await identified({ voiceprints: [{ label: 'Vera' }] });
    const form = async (format: string) => (await mine.api.get<string>(`/v1/jobs/${id}/result?format=${format}`)).body;
    const rttm = (await form('rttm')).trim().split('\n');
    expect(new Set(rttm.map((line) => line.split(' ')[7]))).toEqual(new Set(['SPEAKER_00', 'Vera']));
    expect(await form('svg')).toContain('>Vera</text>');
    expect(await form('csv')).toMatch(/,Vera|Vera,/);
  });

  it('leaves no print in any row, list, event or notice', async () => {
    const { id } = await identified({ voiceprints: [{ label: 'Vera', voiceprint: vera.print }] });
    expect(await tablesWith(world, vera.print)).toEqual([]);
    expect(await tablesWith(world, boris.print)).toEqual([]);
    for (const { body } of (await world.vendor.record()).notices) expect(body).not.toContain(vera.print);
    const listed = await mine.api.get<{ items: { id: string; input: object }[] }>('/v1/jobs?kind=identification');
    expect(listed.body.items.find((job) => job.id === id)?.input).toEqual({
      url: world.vendor.audio,
      matching,
      voiceprints: [{ label: 'Vera' }],
    });
    const events = await mine.api.get(`/v1/jobs/${id}/events`);
    expect(JSON.stringify([listed.body, events.body])).not.toContain(vera.print);
    // The world's own client may see all teams' jobs.
    expect(JSON.stringify(await world.job(id))).not.toContain(vera.print);
  });

  it('is told what is wrong, field by field, and no job is made', async () => {
    const strangers = await team('strangers');
    const foreign = await strangers.enrol('Mallory', turnOf('low'));
    const count = async () => (await world.db.query(`select id from jobs where kind = 'identification'`)).length;
    const before = await count();
    const faultsOf = async (...voiceprints: object[]) => {
      const { status, body } = await order<Refusal>({ voiceprints });
      expect([status, body.code]).toEqual([400, 'invalid_request']);
      return body.errors.map(({ field, detail }) => `${field} ${detail}`);
    };
    const anna = { label: 'Anna', voiceprint: 'cHJpbnQ=' };
    expect(await faultsOf({ ...anna, label: 'SPEAKER_00' })).toEqual([
      expect.stringMatching(/^voiceprints\[0\]\.label must not begin with SPEAKER_.*take another one$/),
    ]);
    expect(await faultsOf(...Array.from({ length: 51 }, (_, i) => ({ ...anna, label: `A${i}` })))).toEqual([
      'voiceprints must name 1 to 50 people; leave some out',
    ]);
    expect(await faultsOf({ ...anna, voiceprint: 'x'.repeat(20_001) })).toEqual([
      expect.stringMatching(/^voiceprints\[0\]\.voiceprint has 20001 characters, the vendor takes 20000 at most/),
    ]);
    expect(await faultsOf({ label: 'Boris' }, { ...anna, label: 'Boris' })).toEqual([
      expect.stringMatching(/^voiceprints\[1\]\.label is the label of voiceprints\[0\], too/),
    ]);
    expect(
      await faultsOf({ label: 'Nobody' }, { label: 'Mallory' }, { id: foreign.entry.id }, { label: 'Vera' }),
    ).toEqual([
      expect.stringMatching(/^voiceprints\[0\]\.label is nobody in your library/),
      expect.stringMatching(/^voiceprints\[1\]\.label is nobody in your library/),
      expect.stringMatching(/^voiceprints\[2\]\.id names no voiceprint of your library/),
    ]);
    expect(await count()).toBe(before);
  });

  it('is the same job under the same idempotency key, though the print it named is gone by then', async () => {
    const { entry } = await mine.enrol('Passing', turnOf('low'));
    const headers = { 'idempotency-key': 'passing' };
    const body = { voiceprints: [{ label: 'Passing' }] };
    const first = await order(body, headers);
    expect((await mine.api.ask(`/v1/voiceprints/${entry.id}`, { method: 'DELETE' })).status).toBe(204);
    const again = await order(body, headers);
    expect([again.status, again.body.id]).toEqual([202, first.body.id]);
    await world.until(first.body.id, 'succeeded');
    expect((await order<Refusal>(body)).body.errors[0]?.field).toBe('voiceprints[0].label');
  });

  it('with scores of every frame has a notice without output, and all of it in the result', async () => {
    const job = await identified({ voiceprints: [{ label: 'Vera' }], confidence: true });
    expect(job.result.confidence?.score.length).toBeGreaterThan(500);
    const { notices } = await world.vendor.record();
    const notice = notices.find(({ jobId }) => jobId === job.externalId);
    expect(JSON.parse(notice?.body ?? '{}')).toEqual({ jobId: job.externalId, status: 'succeeded' });
  });

  it('whose output is gone is failed, result_lost', async () => {
    await world.vendor.fault('result-gone');
    const made = await order({ voiceprints: [{ label: 'Vera' }] });
    const job = await world.until(made.body.id, 'failed', 30_000);
    expect(job.error?.code).toBe('result_lost');
  });

  it('is followed up by nothing, as a diarization is', async () => {
    const { id } = await world.diarize();
    await world.until(id, 'succeeded');
    const rows = await world.db.query<{ event: string }>('select distinct event from follow_ups');
    expect(rows).toEqual([{ event: 'voiceprint.succeeded' }]);
  });

  it('keeps every promise of Signalbox, with the jobs of all three kinds', async () => {
    const broken = await brokenPromises({
      query: (sql, parameters) => world.db.query(sql, parameters),
      record: await world.vendor.record(),
      webhookSecrets: [world.vendor.webhookSecret],
    });
    expect(broken).toEqual([]);
  });
});
