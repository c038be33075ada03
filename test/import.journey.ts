import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { FinishedJob } from '../src/kernel/jobs/finished-job.js';
import { JobImport } from '../src/kernel/jobs/job-import.js';
import { Command } from './harness/command.js';
import { OldResults, oldFile, printOf } from './harness/old-results.js';
import { World } from './harness/service.js';
import { tablesWith } from './harness/voices.js';

const MANY = 1_000;

describe('Old results', () => {
  let world: World;
  const folders: OldResults[] = [];

  beforeAll(async () => {
    world = await (await World.create('import')).start();
  });

  afterAll(async () => {
    await world.end();
    for (const folder of folders) await folder.remove();
  });

  async function folder(files = 0): Promise<OldResults> {
    const made = await OldResults.make(files);
    folders.push(made);
    return made;
  }

  const run = (...args: string[]) => Command.run(['import', ...args], { env: { ...world.env, TZ: 'UTC' } });
  const counted = async (sql: string) => Number((await world.db.query<{ n: string }>(sql))[0]?.n);

  it('come in as finished jobs beside the running service, a thousand at once, and a second time nothing is added', async () => {
    const old = await folder(MANY);
    expect(await run(old.path)).toEqual({
      with: 0,
      stdout: `${MANY} imported, 0 there already, 0 left out\n`,
      stderr: '',
    });
    expect(await run(old.path)).toEqual({
      with: 0,
      stdout: `0 imported, ${MANY} there already, 0 left out\n`,
      stderr: '',
    });

    const kinds = await world.db.query(
      `select kind, status, count(*)::int as n from jobs where labels->>'imported' = 'true' group by 1, 2 order by 1`,
    );
    expect(kinds).toEqual([
      { kind: 'diarization', status: 'succeeded', n: MANY / 2 },
      { kind: 'identification', status: 'succeeded', n: MANY / 4 },
      { kind: 'voiceprint', status: 'succeeded', n: MANY / 4 },
    ]);
    expect(await counted(`select count(*) as n from events where type = 'job.imported'`)).toBe(MANY);
    expect(await counted(`select count(*) as n from audit_log where action = 'job.import'`)).toBe(MANY / 100);
  });

  it('are settled at their own time, are found by their label, and say where they come from', async () => {
    const page = await world.client.get<{ items: { id: string; externalId: string; createdAt: string }[] }>(
      '/v1/jobs?label=imported:true&limit=2',
    );
    const [newest, next] = [oldFile(MANY - 1), oldFile(MANY - 2)];
    expect(page.body.items.map(({ externalId }) => externalId)).toEqual([newest.jobId, next.jobId]);
    const { body } = await world.client.get(`/v1/jobs/${page.body.items[1]?.id}`);
    expect(body).toMatchObject({
      kind: 'identification',
      status: 'succeeded',
      settledAt: '2025-02-11T14:16:38.123Z',
      facts: { import: { file: next.name, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
      result: { identification: [{ match: null }] },
      webhook: false,
      followUps: [],
    });
    expect(await world.events(String(page.body.items[1]?.id))).toMatchObject([
      { type: 'job.imported', what: { file: next.name, status: 'succeeded' }, cause: { by: 'import' } },
    ]);
  });

  it('announce nothing: no follow-up, no metric of a settled job, nothing in the library', async () => {
    expect(await counted('select count(*) as n from follow_ups')).toBe(0);
    expect(await counted('select count(*) as n from voiceprints')).toBe(0);
    expect(await world.metric(/^signalbox_jobs_(settled|created)_total\{/)).toBe(0);
  });

  it('leave no print in the clear, and show it to the team that owns it', async () => {
    expect(await tablesWith(world, printOf(3))).toEqual([]);
    const [row] = await world.db.query<{ id: string }>('select id from jobs where external_id = $1', [
      oldFile(3).jobId,
    ]);
    expect((await world.job(String(row?.id))).result).toEqual({ voiceprint: printOf(3) });
  });

  it('that cannot be taken in are named with a sentence each; the others come in all the same', async () => {
    const old = await folder();
    const good = oldFile(5_001);
    await old.write(good.name, good.text);
    await old.write(`z-${good.name}`, good.text);
    await old.write('broken.json', '{"job_id": "x", "output": {"voiceprint": "c2VjcmV0"');
    await old.write('deep.json', `{"diarization": ${'['.repeat(300)}${']'.repeat(300)}}`);
    await old.write('empty.json', '');
    await old.write('large.json', JSON.stringify({ diarization: [], warning: 'x'.repeat(1_100_000) }));
    await old.write('list.json', '[]');
    await old.write('other.json', '{"status": "succeeded", "output": {"weather": "fine"}}');
    await old.write('running.json', '{"jobId": "r1", "status": "running"}');
    await old.write('odd.json', '{"jobId": "r2", "status": "Teapot"}');
    await old.write(
      'failed.json',
      '{"jobId": "f1", "status": "FAILED", "job_type": "identify", "output": {"error": "no audio"}}',
    );
    await old.write('bare_20250304_050607.json', '{"diarization": []}');
    await old.write('bare again.json', '{"diarization": []}');
    await old.write('notes.txt', 'not a result');
    await mkdir(join(old.path, 'sub.json'));
    await symlink('loop.json', join(old.path, 'loop.json'));
    await symlink('nowhere', join(old.path, 'dangling.json'));

    const ended = await run(old.path);
    expect(ended).toMatchObject({ with: 1, stdout: '3 imported, 2 there already, 11 left out\n' });
    const lines = ended.stderr.trim().split('\n');
    expect(lines.slice(0, -1).sort()).toEqual([
      expect.stringMatching(/^bare_20250304_050607.json: is a duplicate; the job is there as [0-9a-f-]{36}$/),
      'broken.json: is not valid JSON; it may have been cut off',
      'dangling.json: is a symbolic link to nothing, or went away meanwhile',
      'deep.json: is nested too deeply to be a result',
      'empty.json: is empty',
      'large.json: has a result of 1.05 MB; up to 1 MB can be imported',
      'list.json: holds no JSON object, so it is no result',
      'loop.json: is a symbolic link that leads in a circle',
      'notes.txt: is no .json file',
      'odd.json: has a status that pyannote does not document',
      'other.json: has no output that Signalbox knows: neither diarization, nor identification, nor voiceprint',
      'running.json: is not finished: its status is processing',
      `sub.json: is a folder; import what is in it with: signalbox import ${join(old.path, 'sub.json')}`,
      expect.stringMatching(/^z-.*: is a duplicate; the job is there as [0-9a-f-]{36}$/),
    ]);
    expect(lines.at(-1)).toBe('not everything was imported: see above');
    const [failed] = await world.db.query(`select kind, status, error from jobs where external_id = 'f1'`);
    expect(failed).toEqual({
      kind: 'identification',
      status: 'failed',
      error: { code: 'vendor_failed', message: 'no audio' },
    });
  });

  it('go to the team that is named; a vendor’s job that is another team’s already stays there', async () => {
    await world.team('radio');
    const old = await folder(1);
    await old.write('bare.json', '{"diarization": []}');
    const ended = await run(old.path, '--team', 'radio');
    expect(ended).toEqual({
      with: 1,
      stdout: '1 imported, 0 there already, 1 left out\n',
      stderr: `${oldFile(0).name}: is a job of another team\nnot everything was imported: see above\n`,
    });
  });

  it('that a Signalbox wrote keep their job: beside it nothing is added, elsewhere they come in under its id', async () => {
    const job = await world.until((await world.diarize()).id);
    const own = await folder();
    await own.write(`diarization_20261121_143000_${job.id}.json`, JSON.stringify(job.result));
    const elsewhere = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
    await own.write(`diarization_20261121_043000_${elsewhere}.json`, JSON.stringify(job.result));
    expect(await run(own.path)).toMatchObject({ with: 0, stdout: '1 imported, 1 there already, 0 left out\n' });
    expect(await run(own.path)).toMatchObject({ with: 0, stdout: '0 imported, 2 there already, 0 left out\n' });
    expect(await world.job(elsewhere)).toMatchObject({ settledAt: '2026-11-21T04:30:00.000Z', result: job.result });
  });

  it('that two imports take in at the same time are there once', async () => {
    const imports = world.app.get(JobImport);
    const teamId = await imports.teamId('default');
    const jobs = Array.from({ length: 20 }, (_, n): FinishedJob => {
      const externalId = n % 2 === 0 ? `twice-${n}` : null;
      const result = { voiceprint: printOf(n) };
      const settledAt = new Date(1_700_000_000_000 + n);
      const told = { kind: 'voiceprint', status: 'succeeded', error: null, file: `${n}.json` } as const;
      return { ...told, externalId, ownId: null, settledAt, result, sha256: `twice${n}`.padEnd(64, '0') };
    });
    const both = await Promise.all([imports.importAll(teamId, jobs), imports.importAll(teamId, jobs)]);
    const fates = jobs.map((_, n) => both.map((one) => one[n]?.fate).sort());
    expect(fates).toEqual(jobs.map(() => ['imported', 'known']));
    expect(await counted(`select count(*) as n from jobs where facts->'import'->>'sha256' like 'twice%'`)).toBe(20);
  });

  it('that are large, each and all together, come in as well', async () => {
    const old = await folder();
    const warning = 'x'.repeat(1_000_000);
    for (let n = 0; n < 30; n++) {
      await old.write(
        `large-${n}.json`,
        JSON.stringify({ jobId: `l${n}`, status: 'succeeded', output: { diarization: [], warning } }),
      );
    }
    expect(await run(old.path)).toMatchObject({ with: 0, stdout: '30 imported, 0 there already, 0 left out\n' });
  });

  it.each([
    ['a folder that is not there', ['/nowhere/at/all'], /^\/nowhere\/at\/all is not there\n$/],
    ['a file in place of a folder', [__filename], / is no folder; name the folder with the results in it\n$/],
    [
      'a team that is not there',
      [__dirname, '--team', 'telly'],
      /^there is no team "telly"; signalbox teams create telly makes one\n$/,
    ],
  ])('of %s: one sentence', async (_what, args, sentence) => {
    expect(await run(...args)).toEqual({ with: 1, stdout: '', stderr: expect.stringMatching(sentence) as string });
  });
});
