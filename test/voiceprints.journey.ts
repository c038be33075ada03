import { silence, wav } from '../src/sandbox/testing/synthetic-sound.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import { Voices, tablesWith, turnAlone, turnOf } from './harness/voices.js';
import type { Enrolled, PrintAnswer } from './harness/voices.js';

interface Refusal {
  code: string;
  errors: { field: string; detail: string }[];
}

const NEW_KEY = 'ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100';

describe('A voiceprint', () => {
  let world: World;
  let mine: Voices;
  let strangers: Voices;
  let operators: Voices;
  let boris: Enrolled;

  const team = async (name: string, scopes: Parameters<World['key']>[0]) => {
    await world.team(name);
    return new Voices(world, await world.key(scopes, name));
  };

  beforeAll(async () => {
    world = await (await World.create('voiceprints')).start();
    mine = await team('radio', ['files:write', 'jobs:read', 'jobs:write']);
    strangers = await team('strangers', ['files:write', 'jobs:read', 'jobs:write']);
    operators = await team('operators', ['jobs:read', 'jobs:write', 'operate', 'admin']);
    boris = await mine.enrol('Boris', turnOf('low'));
  });

  afterEach(() => world.vendor.clearFaults());
  afterAll(() => world.end());

  it('is made of uploaded audio, and kept in the library under its name and an id of its own', async () => {
    expect(boris.job).toMatchObject({ status: 'succeeded', input: { label: 'Boris' } });
    expect(boris.entry).toMatchObject({ label: 'Boris', jobId: boris.job.id });
    expect(boris.entry.id).not.toBe(boris.job.id);
    const { body } = await mine.api.get<PrintAnswer>(`/v1/voiceprints/${boris.entry.id}`);
    expect(body).toEqual({ ...boris.entry, voiceprint: boris.print });
  });

  it('stands in no row of the database, in no notice and in no list', async () => {
    expect(await tablesWith(world, 'Boris')).toEqual(['events', 'jobs', 'voiceprints']);
    expect(await tablesWith(world, boris.print)).toEqual([]);
    const { notices } = await world.vendor.record();
    expect(notices.length).toBeGreaterThan(0);
    for (const { body } of notices) expect(body).not.toContain('voiceprint');
    const [job] = await world.db.query<{ result: { voiceprint: string } }>('select result from jobs where id = $1', [
      boris.job.id,
    ]);
    expect(job?.result.voiceprint).toMatch(/^v1\.[\w-]{8}\.[\w-]+$/);
    for (const path of [
      '/v1/jobs',
      `/v1/jobs/${boris.job.id}/events`,
      '/v1/voiceprints',
      `/v1/deliveries?job=${boris.job.id}`,
    ]) {
      const { status, body } = await mine.api.get<{ items: unknown[] }>(path);
      expect({ path, status, items: body.items.length > 0 }).toEqual({ path, status: 200, items: true });
      expect(JSON.stringify(body)).not.toContain(boris.print);
    }
  });

  it('is shown to its own team, to operators without the print, and to nobody else', async () => {
    const path = `/v1/jobs/${boris.job.id}`;
    expect((await mine.api.get(path)).body.result).toEqual({ voiceprint: boris.print });
    const seen = await operators.api.get(path);
    expect([seen.status, seen.body.result]).toEqual([200, {}]);
    expect((await strangers.api.get(path)).status).toBe(404);
    for (const { api } of [strangers, operators]) {
      const entry = `/v1/voiceprints/${boris.entry.id}`;
      const answers = [
        await api.get(entry),
        await api.ask(entry, { method: 'PATCH', body: { label: 'Stolen' } }),
        await api.ask(entry, { method: 'DELETE' }),
      ];
      for (const { status, body } of answers) expect([status, body.code]).toEqual([404, 'voiceprint_not_found']);
      expect((await api.get<{ items: unknown[] }>('/v1/voiceprints')).body.items).toEqual([]);
    }
    expect((await mine.list()).map(({ label }) => label)).toContain('Boris');
  });

  it('is kept once per job, however often that is asked for, and never again once it was deleted', async () => {
    const { job, entry } = await mine.enrol('Once', turnOf('low'));
    const again = async () => {
      await world.db.execute('update follow_ups set done_at = null, due_at = now() where job_id = $1', [job.id]);
      await eventually('it was followed up again', async () => {
        const rows = await world.db.query('select 1 from follow_ups where job_id = $1 and done_at is not null', [
          job.id,
        ]);
        return rows.length > 0;
      });
    };
    await again();
    expect(await mine.list('label=Once')).toEqual([entry]);
    expect((await mine.api.ask(`/v1/voiceprints/${entry.id}`, { method: 'DELETE' })).status).toBe(204);
    await again();
    expect(await mine.list('label=Once')).toEqual([]);
    expect(await world.db.query('select label, print from voiceprints where job_id = $1', [job.id])).toEqual([
      { label: null, print: null },
    ]);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { label: 'Back' } : undefined;
      expect((await mine.api.ask(`/v1/voiceprints/${entry.id}`, { method, body })).status).toBe(404);
    }
  });

  it('can be renamed; a person may have several; the library goes by pages', async () => {
    const one = await mine.enrol('Vera', turnOf('high'));
    const two = await mine.enrol('Wera', turnOf('high'));
    const renamed = await mine.api.ask<PrintAnswer>(`/v1/voiceprints/${two.entry.id}`, {
      method: 'PATCH',
      body: { label: 'Vera' },
    });
    expect([renamed.status, renamed.body]).toEqual([200, { ...two.entry, label: 'Vera' }]);
    expect((await mine.list('label=Vera')).map(({ id }) => id)).toEqual([two.entry.id, one.entry.id]);
    const page = async (query: string) =>
      (await mine.api.get<{ items: PrintAnswer[]; nextCursor: string | null }>(`/v1/voiceprints?${query}`)).body;
    const first = await page('label=Vera&limit=1');
    const second = await page(`label=Vera&limit=1&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([two.entry.id, one.entry.id]);
    expect(second.nextCursor).toBeNull();
    const bad = await mine.api.ask<Refusal>(`/v1/voiceprints/${one.entry.id}`, {
      method: 'PATCH',
      body: { label: 'SPEAKER_1' },
    });
    expect([bad.status, bad.body.errors[0]?.field]).toEqual([400, 'label']);
    const audited = await world.db.query<{ action: string }>(
      'select action, before, after from audit_log where subject = $1',
      [`voiceprint:${two.entry.id}`],
    );
    expect(audited).toEqual([{ action: 'voiceprint.rename', before: { label: 'Wera' }, after: { label: 'Vera' } }]);
  });

  it('is in the result alone when the library is not wanted', async () => {
    const before = (await mine.list()).length;
    const file = await mine.file(turnAlone(turnOf('low')));
    const job = await mine.printed({ file, library: false });
    expect(job.result).toEqual({ voiceprint: boris.print });
    await eventually('it was followed up', async () => {
      const rows = await world.db.query('select 1 from follow_ups where job_id = $1 and done_at is not null', [job.id]);
      return rows.length > 0;
    });
    expect(await mine.list()).toHaveLength(before);
  });

  it('can be waited for, and is one job under one idempotency key', async () => {
    const file = await mine.file(turnAlone(turnOf('low')));
    const headers = { 'idempotency-key': 'boris', prefer: 'wait=20' };
    const first = await mine.order({ file, label: 'Boris again' }, headers);
    expect([first.status, first.body.status]).toEqual([200, 'succeeded']);
    const second = await mine.order({ file, label: 'Boris again' }, headers);
    expect([second.body.id, second.headers.get('idempotency-replayed')]).toEqual([first.body.id, 'true']);
    expect((await mine.order({ file, label: 'Somebody else' }, headers)).status).toBe(422);
  });

  it('of more than 30 s is refused before it costs anything, or fails by the vendor’s word', async () => {
    const long = await mine.file(wav(silence(31)));
    const refused = await mine.order<Refusal>({ file: long, label: 'Long' });
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      [{ field: 'file', detail: 'lasts 31.0 s by its header; the vendor takes 30 s at most' }],
    ]);
    const error = 'A voiceprint takes at most 30 seconds of audio.';
    await world.vendor.fault('fail', { error });
    const job = await mine.printed({ url: world.vendor.audio, label: 'Long' });
    expect(job).toMatchObject({ status: 'failed', error: { code: 'vendor_failed', message: error } });
    expect(await mine.list('label=Long')).toEqual([]);
  });

  it('comes by asking when its notice is lost', async () => {
    await world.vendor.fault('lose');
    const { job, entry } = await mine.enrol('Late', turnOf('high'));
    expect(entry.label).toBe('Late');
    expect((await world.events(job.id)).at(-1)?.cause).toMatchObject({ by: 'check', repair: true });
  });

  it('whose output is gone is failed, result_lost, and nobody in the library', async () => {
    await world.vendor.fault('result-gone');
    const made = await mine.order({ url: world.vendor.audio, label: 'Gone' });
    const job = await world.until(made.body.id, 'failed', 30_000);
    expect(job.error?.code).toBe('result_lost');
    expect(await mine.list('label=Gone')).toEqual([]);
  });

  it('opens under the previous master key, is sealed anew under the present one, and says when both are gone', async () => {
    const job = `/v1/jobs/${boris.job.id}`;
    const entry = `/v1/voiceprints/${boris.entry.id}`;
    const old = world.env.SIGNALBOX_MASTER_KEY ?? '';
    const at = async (env: Record<string, string>) => {
      await world.stop();
      await world.start(env);
      return new Voices(world, mine.key).api;
    };
    const [sealed] = await world.db.query<{ keyId: string }>(
      'select substr(print, 1, 12) as "keyId" from voiceprints where id = $1',
      [boris.entry.id],
    );
    const keyId = sealed?.keyId ?? '';
    const turned = await at({ SIGNALBOX_MASTER_KEY: NEW_KEY, SIGNALBOX_MASTER_KEY_PREVIOUS: old });
    expect((await turned.get(job)).body.result).toEqual({ voiceprint: boris.print });
    expect((await turned.get(entry)).body.voiceprint).toBe(boris.print);
    const underOld = async () =>
      (
        await world.db.query(
          `select 1 from jobs where kind = 'voiceprint' and strpos(result::text, $1) > 0
           union all select 1 from voiceprints where strpos(print, $1) = 1`,
          [keyId],
        )
      ).length;
    await eventually('all is sealed anew', async () => (await underOld()) === 0);
    const alone = await at({ SIGNALBOX_MASTER_KEY: NEW_KEY });
    expect((await alone.get(job)).body.result).toEqual({ voiceprint: boris.print });
    expect((await alone.get(entry)).body.voiceprint).toBe(boris.print);
    const locked = await at({ SIGNALBOX_MASTER_KEY: 'ab'.repeat(32) });
    for (const path of [job, entry]) {
      const { status, body } = await locked.get(path);
      expect([status, body.code]).toEqual([503, 'secret_sealed']);
      expect(body.detail).toContain('SIGNALBOX_MASTER_KEY_PREVIOUS');
    }
    expect((await locked.get('/v1/jobs')).status).toBe(200);
    expect((await locked.get('/v1/voiceprints')).status).toBe(200);
  });
});
