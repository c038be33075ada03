import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './harness/eventually.js';
import { LimitedTeam } from './harness/limited-team.js';
import { World } from './harness/service.js';
import { UploadRequest, upload } from './harness/upload.js';
import { FilesService } from '../src/kernel/files/files.service.js';
import { TeamLimits } from '../src/kernel/teams/team-limits.js';

const KB = 1_024;
const REFUSED = { status: 429, body: { code: 'limit_reached' } };

describe('The limit of a team’s uploads', () => {
  let world: World;
  let teams = 0;

  beforeAll(async () => {
    world = await (await World.create('rest-upload-limits')).start();
  });

  afterAll(() => world.end());

  const team = (uploadBytes: number) => LimitedTeam.create(world, `team-${(teams += 1)}`, { uploadBytes });
  const send = (of: LimitedTeam, bytes: number, headers: Record<string, string> = {}) =>
    upload(world.url, of.key, randomBytes(bytes), { headers });
  const onDisk = () => readdir(join(world.home, 'files'));

  /** Rows and bytes are the same, and nothing lies beside them. */
  async function expectNothingLeftBehind(): Promise<void> {
    const rows = await world.db.query<{ id: string }>('select id from files where deleted_at is null');
    const ids = rows.map(({ id }) => id).sort();
    await eventually(
      'nothing else is on disk',
      async () => JSON.stringify((await onDisk()).sort()) === JSON.stringify(ids),
    );
  }

  it('refuses what is said to be too long before any of it is read', async () => {
    const small = await team(10 * KB);
    expect((await send(small, 6 * KB)).status).toBe(201);
    const request = new UploadRequest(world.url, small.key, { 'content-length': String(5 * KB) });
    await request.write(randomBytes(1));
    const answer = await request.answer;
    expect(answer).toMatchObject(REFUSED);
    expect(answer.body.detail).toBe(
      'uploadBytes: the team may keep 10240 bytes of uploads and keeps 6144; this file has 5120 or more. There is room again when files are deleted or expire',
    );
    expect((await send(small, 4 * KB)).status).toBe(201);
    expect(await send(small, 1)).toMatchObject(REFUSED);
    expect((await small.used()).uploadBytes).toBe(10 * KB);
    await expectNothingLeftBehind();
  });

  it('cuts what does not say how long it is as soon as it is too long', async () => {
    const small = await team(100 * KB);
    const request = new UploadRequest(world.url, small.key, { 'transfer-encoding': 'chunked' });
    const answered = { yet: false };
    void request.answer.then(() => (answered.yet = true));
    for (let sent = 0; sent < 10_000 && !answered.yet; sent += 64) await request.write(randomBytes(64 * KB));
    expect(await request.answer).toMatchObject(REFUSED);
    expect((await small.used()).uploadBytes).toBe(0);
    await expectNothingLeftBehind();
  });

  it('holds for forms too', async () => {
    const small = await team(KB);
    const form = new FormData();
    form.append('file', new Blob([randomBytes(2 * KB)]), 'a.bin');
    const headers = { authorization: `Bearer ${small.key}` };
    const answer = await fetch(new URL('/v1/files', world.url), { method: 'POST', body: form, headers });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject(REFUSED);
    await expectNothingLeftBehind();
  });

  it('lets exactly one of ten in where there is room for one', async () => {
    const small = await team(10 * KB);
    const requests = Array.from(
      { length: 10 },
      () => new UploadRequest(world.url, small.key, { 'transfer-encoding': 'chunked' }),
    );
    // All of them are under way, and each would fit alone.
    for (const request of requests) await request.write(randomBytes(6 * KB));
    const answers = await Promise.all(requests.map((request) => request.end()));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(429)]);
    expect((await small.used()).uploadBytes).toBe(6 * KB);
    await expectNothingLeftBehind();
  });

  it('waits for another upload of the team that is about to be written, and sees it', async () => {
    const small = await team(10 * KB);
    const limits = world.app.get(TeamLimits);
    const steps: string[] = [];
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    let counted = (): void => undefined;
    const first = new Promise<void>((resolve) => (counted = resolve));
    const one = world.db.unitOfWork(async (tx) => {
      await limits.admitUpload(tx, small.id, 6 * KB);
      await tx.execute(
        `insert into files (id, team_id, name, media_type, size, sha256, purpose)
         values (gen_random_uuid(), $1, 'a', 'text/plain', $2, '', 'upload')`,
        [small.id, 6 * KB],
      );
      counted();
      await held;
      steps.push('written');
    });
    await first;
    const other = world.db
      .unitOfWork((tx) => limits.admitUpload(tx, small.id, 6 * KB))
      .then(
        () => steps.push('let in'),
        (refusal: Error) => steps.push(refusal.message.slice(0, 11)),
      );
    await eventually('the other one waits', async () => {
      const [row] = await world.db.query<{ waiting: number }>(
        `select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and query like '%team_limits%'`,
      );
      return steps.length > 0 || row?.waiting === 1;
    });
    go();
    await Promise.all([one, other]);
    expect(steps).toEqual(['written', 'uploadBytes']);
    await world.db.execute('delete from files where team_id = $1', [small.id]);
  });

  it('gives room again when a file is deleted or its time is over', async () => {
    const small = await team(4 * KB);
    const first = await send(small, 4 * KB);
    expect(await send(small, KB)).toMatchObject(REFUSED);
    await small.client.ask(`/v1/files/${first.body.id}`, { method: 'DELETE' });
    const second = await send(small, 4 * KB);
    expect(second.status).toBe(201);
    await world.db.execute('update files set expires_at = now() where id = $1', [second.body.id]);
    expect((await send(small, 4 * KB)).status).toBe(201);
  });

  it('answers a repeated upload with its file, also when there is no more room', async () => {
    const small = await team(4 * KB);
    const bytes = randomBytes(4 * KB);
    const once = () => upload(world.url, small.key, bytes, { headers: { 'idempotency-key': 'once' } });
    const first = await once();
    const again = await once();
    expect([again.status, again.body.id, again.headers.get('idempotency-replayed')]).toEqual([
      201,
      first.body.id,
      'true',
    ]);
    const other = await send(small, 4 * KB, { 'idempotency-key': 'other' });
    expect(other).toMatchObject(REFUSED);
    expect((await small.used()).uploadBytes).toBe(4 * KB);
    await expectNothingLeftBehind();
  });

  it('is not for results: what a vendor made is paid for', async () => {
    const small = await team(KB);
    const bytes = (async function* () {
      yield await Promise.resolve(randomBytes(8 * KB));
    })();
    const kept = await world.app.get(FilesService).keepResult({ teamId: small.id, name: 'result.json', bytes });
    expect(kept.size).toBe(8 * KB);
    expect((await small.used()).uploadBytes).toBe(0);
    expect((await send(small, KB)).status).toBe(201);
  });

  it('is counted where it refuses', async () => {
    const before = await world.metric(/^signalbox_limit_refusals_total\{limit="upload_bytes"\}/);
    const small = await team(0);
    expect(await send(small, 1)).toMatchObject(REFUSED);
    expect(await world.metric(/^signalbox_limit_refusals_total\{limit="upload_bytes"\}/)).toBe(before + 1);
  });
});
