import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { FileServer } from './harness/file-server.js';
import type { Served } from './harness/file-server.js';
import { World } from './harness/service.js';
import type { EventAnswer, JobAnswer } from './harness/service.js';
import { finishTraining } from './harness/trainings.js';
import type { Finished } from './harness/trainings.js';

const MIB = 1_024 ** 2;
const hex = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

interface FileAnswer {
  role: string;
  name: string;
  state: string;
  size: number | null;
  sha256: string | null;
  fileId: string | null;
  vendorUrl: string;
  attempts: number;
  lastError: string | null;
  note: string | null;
  links: { content: string };
}
interface ModelAnswer {
  id: string;
  state: string;
  jobId: string;
  triggerWord: string | null;
  baseModel: string | null;
  finetuneId: string | null;
  readyAt: string | null;
  files: FileAnswer[];
}
type Job = JobAnswer & { followUps: { event: string; state: string; attempts: number; lastError: string | null }[] };

describe('A finished training', () => {
  let world: World;
  let vendor: FileServer;
  let api: ApiClient;

  beforeAll(async () => {
    vendor = await FileServer.start();
    world = await (await World.create('models')).start();
    await world.team('other');
    api = world.client;
  });
  afterAll(async () => {
    await vendor.stop();
    await world.end();
  });

  const lora = (path: string, more: Partial<Served> = {}) =>
    vendor.put(path, { bytes: randomBytes(3 * MIB), tagged: true, ...more });
  const finish = (finished: Finished) => finishTraining(world.db, finished);
  const modelOf = async (job: string) =>
    (await api.get<{ items: ModelAnswer[] }>(`/v1/models?job=${job}`)).body.items[0];
  const until = (job: string, state: string) =>
    eventually(`the model of ${job} is ${state}`, async () => {
      const model = await modelOf(job);
      if (model?.state !== state) throw new Error(JSON.stringify([model, (await world.job(job)) as Job]));
      return model;
    });
  const file = (model: ModelAnswer, role = 'lora') => {
    const found = model.files.find((one) => one.role === role);
    if (!found) throw new Error(`the model has no ${role}`);
    return found;
  };
  const announced = async (job: string) => {
    const events: EventAnswer[] = await world.events(job);
    return events.filter(({ type }) => type === 'model.ready');
  };
  const bytesOf = async (path: string, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${await world.key(['jobs:read'])}`;
    const response = await fetch(new URL(path, world.url), { headers: { authorization, ...headers } });
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
  };

  it('is a model at once, and ready when all its files are here, which is said once', async () => {
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const result = {
      diffusers_lora_file: lora('/one/lora.safetensors', { held }),
      config_file: lora('/one/config.json', { bytes: Buffer.from('{"steps": 2500}') }),
    };
    const job = await finish({ result, labels: { person: 'anna' } });
    const early = await eventually('the model is shown', () => modelOf(job));
    expect(early).toMatchObject({ state: 'copying', readyAt: null, triggerWord: 'ohwx', baseModel: 'FLUX.1 [dev]' });
    const tooEarly = await api.get(`/v1/models/${early.id}/files/lora`);
    expect(tooEarly).toMatchObject({ status: 409, body: { code: 'model_file_not_copied' } });
    expect((await api.post(`/v1/models/${early.id}/copy`)).body).toMatchObject({ code: 'already_copying' });
    expect(await announced(job)).toEqual([]);
    release();

    const model = await until(job, 'ready');
    const original = vendor.files.get('/one/lora.safetensors')?.bytes ?? Buffer.alloc(0);
    expect(file(model)).toMatchObject({
      ...{ name: 'lora.safetensors', size: 3 * MIB, sha256: hex(original), lastError: null, note: null },
      vendorUrl: result.diffusers_lora_file.url,
    });
    expect(file(model, 'config')).toMatchObject({ state: 'ready', size: 15 });
    const events = await eventually('it is announced', async () => (await announced(job))[0] && announced(job));
    expect(events).toMatchObject([{ what: { model: model.id, files: ['config', 'lora'] }, cause: { by: 'after' } }]);
    const [told] = await world.db.query<{ data: { model: Record<string, unknown> } }>(
      `select data from events where job_id = $1 and type = 'model.ready'`,
      [job],
    );
    expect(told?.data.model).toMatchObject({
      ...{ id: model.id, state: 'ready', kind: 'training', labels: { person: 'anna' }, triggerWord: 'ohwx' },
      files: [{ role: 'config' }, { role: 'lora', sha256: hex(original) }],
    });
    const types = (await api.get<{ items: { type: string }[] }>('/v1/event-types')).body.items;
    expect(types.map(({ type }) => type)).toContain('model.ready');
  });

  it('has files that come back byte by byte, in parts, and by either name', async () => {
    const job = await finish({ result: { diffusers_lora_file: lora('/two/anna.safetensors') } });
    const model = await until(job, 'ready');
    const original = vendor.files.get('/two/anna.safetensors')?.bytes ?? Buffer.alloc(0);
    const whole = await bytesOf(file(model).links.content);
    expect(whole.status).toBe(200);
    expect(whole.bytes.equals(original)).toBe(true);
    expect(whole.headers.get('repr-digest')).toBe(`sha-256=:${Buffer.from(hex(original), 'hex').toString('base64')}:`);
    expect(whole.headers.get('content-disposition')).toContain('anna.safetensors');
    const byName = `/v1/models/${model.id}/files/anna.safetensors`;
    const part = await bytesOf(byName, { range: 'bytes=100-199' });
    expect([part.status, part.bytes.equals(original.subarray(100, 200))]).toEqual([206, true]);
    const known = await bytesOf(byName, { 'if-none-match': whole.headers.get('etag') ?? '' });
    expect(known.status).toBe(304);
    expect((await bytesOf(byName, { range: 'bytes=99999999-' })).status).toBe(416);
    expect((await api.get(`/v1/models/${model.id}/files/none`)).body).toMatchObject({ code: 'model_file_not_found' });
  });

  it('of which a download breaks off goes on with the rest where the vendor can do that', async () => {
    const at = Math.floor(2.7 * MIB);
    const job = await finish({ result: { diffusers_lora_file: lora('/cut/lora', { cuts: [at, at + 1_000] }) } });
    const model = await until(job, 'ready');
    const original = vendor.files.get('/cut/lora')?.bytes ?? Buffer.alloc(0);
    expect(file(model)).toMatchObject({ sha256: hex(original), attempts: 1 });
    const [first, ...rest] = vendor.of('/cut/lora');
    expect(first?.range).toBeUndefined();
    // As much as came before the connection was cut.
    const asked = {
      range: expect.stringMatching(/^bytes=2[678]\d{5}-$/) as string,
      ifRange: expect.any(String) as string,
    };
    expect(rest).toMatchObject([asked, asked]);
    expect((await bytesOf(file(model).links.content)).bytes.equals(original)).toBe(true);
  });

  it('of which a download breaks off begins anew where the vendor cannot', async () => {
    const more = { tagged: false, cuts: [Math.floor(2.7 * MIB)] };
    const job = await finish({ result: { diffusers_lora_file: lora('/anew/lora', more) } });
    const model = await until(job, 'ready');
    const original = vendor.files.get('/anew/lora')?.bytes ?? Buffer.alloc(0);
    expect(file(model)).toMatchObject({ sha256: hex(original), attempts: 2 });
    expect(vendor.of('/anew/lora')).toEqual([{ path: '/anew/lora' }, { path: '/anew/lora' }]);
    expect((await bytesOf(file(model).links.content)).bytes.equals(original)).toBe(true);
  });

  it('is never shown with half a file: it is tried until the whole is there', async () => {
    const served: Served = { bytes: randomBytes(900), length: 1_000 };
    const wanted = lora('/half/lora', served);
    const job = await finish({ result: { diffusers_lora_file: wanted } });
    const waiting = await eventually('it was tried three times', async () => {
      const model = await modelOf(job);
      return model && file(model).attempts >= 3 ? model : null;
    });
    expect(waiting).toMatchObject({ state: 'copying', readyAt: null });
    expect(file(waiting)).toMatchObject({ state: 'waiting', sha256: null });
    expect(file(waiting).lastError).toMatch(/closed the connection before its answer was complete/);
    const shown = (await world.job(job)) as Job;
    expect(shown).toMatchObject({
      status: 'succeeded',
      followUps: [{ event: 'training.succeeded', state: 'waiting' }],
    });
    expect(await announced(job)).toEqual([]);
    lora('/half/lora', { bytes: randomBytes(1_000) });
    const model = await until(job, 'ready');
    expect(file(model)).toMatchObject({ size: 1_000, note: 'the vendor’s result says 900 bytes, its file has 1000' });
    expect(await announced(job)).toHaveLength(1);
  });

  it('whose file is on a private network is not fetched, and not tried for ever', async () => {
    const job = await finish({ result: { diffusers_lora_file: { url: 'http://10.1.2.3/lora' } } });
    const model = await until(job, 'failed');
    const reason = expect.stringMatching(/private address/) as string;
    expect(file(model)).toMatchObject({ state: 'failed', attempts: 1, lastError: reason });
    const shown = await eventually('its job shows it', async () => {
      const seen = (await world.job(job)) as Job;
      return seen.followUps.some(({ state }) => state === 'gave_up') ? seen : null;
    });
    expect(shown).toMatchObject({ status: 'succeeded', followUps: [{ attempts: 1, lastError: reason }] });

    const again = await api.post<ModelAnswer>(`/v1/models/${model.id}/copy`);
    expect(again).toMatchObject({ status: 202, body: { id: model.id } });
    await eventually('it was tried again', async () => file((await modelOf(job)) ?? model).attempts === 2);
    await until(job, 'failed');
    expect(await announced(job)).toEqual([]);
  });

  it('that stays with the vendor is a model without files', async () => {
    const input = { type: null, trainer: 'fal-ai/flux-pro-trainer', inputs: { trigger_word: 'TOK' } };
    const job = await finish({ result: { finetune_id: 'ft-1' }, input });
    expect(await until(job, 'ready')).toMatchObject({
      ...{ finetuneId: 'ft-1', files: [], triggerWord: 'TOK', baseModel: 'FLUX.1 [pro]' },
      readyAt: expect.any(String) as string,
    });
    expect(await announced(job)).toHaveLength(1);
  });

  it('that made nothing says so on its job', async () => {
    const job = await finish({ result: { seed: 1 } });
    const shown = await eventually('its job shows it', async () => {
      const seen = (await world.job(job)) as Job;
      return seen.followUps.some(({ state }) => state === 'gave_up') ? seen : null;
    });
    expect(shown.followUps).toMatchObject([{ lastError: expect.stringMatching(/nothing to keep/) as string }]);
    expect(await modelOf(job)).toBeUndefined();
  });

  it('shows a copy that was deleted or lost as gone, and can fetch it once more', async () => {
    const job = await finish({ result: { diffusers_lora_file: lora('/gone/lora') } });
    const model = await until(job, 'ready');
    const remove = (id: string | null) => new ApiClient(world.url, owner).ask(`/v1/files/${id}`, { method: 'DELETE' });
    const owner = await world.key(['files:write']);
    expect((await remove(file(model).fileId)).status).toBe(204);
    const gone = await until(job, 'gone');
    expect(file(gone).state).toBe('gone');
    expect((await api.get(`/v1/models/${model.id}/files/lora`)).body).toMatchObject({ code: 'model_file_gone' });
    expect((await api.post(`/v1/models/${model.id}/copy`)).status).toBe(202);
    const back = await until(job, 'ready');
    expect(file(back).fileId).not.toBe(file(model).fileId);
    expect(vendor.of('/gone/lora')).toHaveLength(2);
    expect(await announced(job)).toHaveLength(1);
    await rm(join(world.home, 'files', file(back).fileId ?? ''));
    expect((await api.get(`/v1/models/${model.id}/files/lora`)).body).toMatchObject({ code: 'file_lost' });
    await until(job, 'gone');
    const none = await finish({ result: { finetune_id: 'ft-2' } });
    const complete = await until(none, 'ready');
    expect((await api.post(`/v1/models/${complete.id}/copy`)).body).toMatchObject({ code: 'nothing_to_copy' });
  });

  it('is its team’s alone', async () => {
    const job = await finish({ result: { diffusers_lora_file: lora('/mine/lora') } });
    const model = await until(job, 'ready');
    const other = new ApiClient(world.url, await world.key(['jobs:read', 'jobs:write'], 'other'));
    const routes = [`/v1/models/${model.id}`, `/v1/models/${model.id}/files/lora`];
    for (const route of routes) expect((await other.get(route)).body).toMatchObject({ code: 'model_not_found' });
    expect((await other.post(`/v1/models/${model.id}/copy`)).status).toBe(404);
    expect((await other.ask(`/v1/models/${model.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await other.get('/v1/models')).body).toEqual({ items: [], nextCursor: null });
    const reader = new ApiClient(world.url, await world.key(['jobs:read']));
    expect((await reader.ask(`/v1/models/${model.id}`, { method: 'DELETE' })).status).toBe(403);
  });

  it('is deleted with its files, and does not come back', async () => {
    const job = await finish({ result: { diffusers_lora_file: lora('/bye/lora') }, team: 'other' });
    const other = new ApiClient(world.url, await world.key(['jobs:read', 'jobs:write'], 'other'));
    const model = await eventually('it is ready', async () => {
      const { items } = (await other.get<{ items: ModelAnswer[] }>('/v1/models')).body;
      return items[0]?.state === 'ready' ? items[0] : null;
    });
    expect((await api.ask(`/v1/models/${model.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await other.get(`/v1/models/${model.id}`)).status).toBe(404);
    expect((await other.get(`/v1/files/${file(model).fileId}`)).status).toBe(410);
    const audit = await world.db.query('select action from audit_log where subject = $1', [`model:${model.id}`]);
    expect(audit).toEqual([{ action: 'model.delete' }]);
    await world.db.execute('update follow_ups set due_at = now(), done_at = null where job_id = $1', [job]);
    await eventually('its follow-up ran again', async () => {
      const [row] = await world.db.query<{ done: Date | null }>(
        'select done_at as done from follow_ups where job_id = $1',
        [job],
      );
      return row?.done;
    });
    expect((await other.get('/v1/models')).body).toMatchObject({ items: [] });
    expect(vendor.of('/bye/lora')).toHaveLength(1);
  });

  it('is found by its kind, its trainer and its word, page by page', async () => {
    const input = { type: 'style', trainer: 'fal-ai/flux-lora-fast-training', inputs: { trigger_word: 'inkwash' } };
    const made = [];
    for (const n of [1, 2, 3]) made.push(await finish({ result: { finetune_id: `page-${n}` }, input }));
    for (const job of made) await until(job, 'ready');
    for (const filter of ['type=style', 'trainer=fal-ai/flux-lora-fast-training', 'triggerWord=inkwash']) {
      const { body } = await api.get<{ items: ModelAnswer[] }>(`/v1/models?${filter}`);
      expect(body.items.map(({ jobId }) => jobId).sort()).toEqual([...made].sort());
    }
    type List = { items: ModelAnswer[]; nextCursor: string | null };
    const first = (await api.get<List>('/v1/models?type=style&limit=2')).body;
    const second = (await api.get<List>(`/v1/models?type=style&limit=2&cursor=${first.nextCursor}`)).body;
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
    expect((await api.get('/v1/models?type=animal')).body).toMatchObject({ errors: [{ field: 'type' }] });
    expect(await world.metric(/^signalbox_model_copies_total\{outcome="ready"\}/)).toBeGreaterThan(3);
  });
});
