import { until } from '../testing/receiver.js';
import { FAST, FalStage } from '../testing/fal-stage.js';

const PORTRAIT = 'fal-ai/flux-lora-portrait-trainer';

describe('the queue', () => {
  let stage: FalStage;

  beforeAll(async () => (stage = await FalStage.build(0.002)));
  afterAll(() => stage.tearDown());
  beforeEach(() => stage.renew());

  const job = async (id: string) => {
    const { jobs } = (await stage.admin('GET', '/record')).body as { jobs: Record<string, unknown>[] };
    return jobs.find(({ jobId }) => jobId === id);
  };
  const detailOf = async (input: object, endpoint = FAST) => {
    const id = await stage.submit(input, endpoint);
    await stage.ended(id);
    const { status, body } = await stage.result(id);
    expect(status).toBe(422);
    return body.detail as { loc: string[]; type: string; msg: string }[];
  };

  it('answers 202 until the end and 200 then, and shows the log to whoever asks', async () => {
    await stage.fault('queued', { ms: 200 });
    const submitted = await stage.trySubmit();
    const id = String(submitted.body.request_id);
    expect(submitted.headers.get('x-fal-request-id')).toBe(id);
    const queued = await stage.status(id, '?logs=1');
    expect(queued).toMatchObject({ status: 202, body: { status: 'IN_QUEUE', queue_position: 0, logs: [] } });
    expect((await stage.result(id)).status).toBe(400);
    await until(async () => (await stage.status(id)).body.status === 'IN_PROGRESS', 'the training');
    expect(await stage.ended(id)).toMatchObject({ logs: null, metrics: {} });
    const done = await stage.status(id, '?logs=1');
    expect(done.status).toBe(200);
    expect((done.body.logs as object[])[0]).toEqual({
      message: 'Downloading training data',
      timestamp: expect.any(String) as string,
      level: 'STDOUT',
      source: 'USER',
    });
    for (const path of [`${FAST}/requests/${id}`, `${FAST}/requests/${id}/response`, `${FAST}/sub/requests/${id}`]) {
      expect(Object.keys((await stage.queue('GET', path)).body)).toEqual(['diffusers_lora_file', 'config_file']);
    }
    expect(await job(id)).toMatchObject({ paid: 2, images: 12, captions: 0, request: stage.input() });
  });

  it('gives addresses of owner and app alone', async () => {
    const input = { image_data_url: stage.sandbox.fal.imagesUrl, default_caption: 'a cup' };
    const { body } = await stage.trySubmit(input, 'fal-ai/flux-2-trainer/edit');
    expect(body.status_url).toBe(
      `${stage.sandbox.fal.queueUrl}/fal-ai/flux-2-trainer/requests/${String(body.request_id)}/status`,
    );
  });

  it('counts who waits, and refuses to wait behind too many', async () => {
    await stage.fault('queued', { ms: 60_000, times: 3 });
    const ids = [await stage.submit(), await stage.submit(), await stage.submit()];
    const positions = await Promise.all(ids.map(async (id) => (await stage.status(id)).body.queue_position));
    expect(positions).toEqual([0, 1, 2]);
    expect((await stage.queue('POST', `${FAST}?fal_max_queue_length=2`, stage.input())).status).toBe(429);
    expect((await stage.queue('POST', `${FAST}?fal_max_queue_length=3`, stage.input())).status).toBe(200);
    for (const id of ids) await stage.queue('PUT', `${FAST}/requests/${id}/cancel`);
  });

  it('knows no stranger, no other app and no other request', async () => {
    expect((await stage.queue('POST', FAST, stage.input(), 'a:b')).status).toBe(401);
    for (const app of ['fal-ai/flux-pro-trainer', 'fal-ai/nothing', 'fal-ai/flux-lora-fast-training/else']) {
      expect((await stage.trySubmit(stage.input(), app)).status).toBe(404);
    }
    for (const [method, path] of [
      ['GET', 'status'],
      ['GET', ''],
      ['PUT', 'cancel'],
      ['GET', 'status/stream'],
    ] as const) {
      const answer = await stage.queue(method, `${FAST}/requests/nobody/${path}`.replace(/\/$/, ''));
      expect([answer.status, answer.body]).toEqual([404, { status: 'NOT_FOUND' }]);
    }
  });

  it('cancels, and says so, until it is too late', async () => {
    await stage.fault('processing', { ms: 60_000 });
    const id = await stage.submit();
    await until(async () => (await stage.status(id)).body.status === 'IN_PROGRESS', 'the training');
    const canceled = await stage.queue('PUT', `${FAST}/requests/${id}/cancel`);
    expect([canceled.status, canceled.body]).toEqual([202, { status: 'CANCELLATION_REQUESTED' }]);
    expect(await stage.ended(id)).toMatchObject({ error_type: 'client_cancelled' });
    expect((await stage.result(id)).status).toBe(499);
    const late = await stage.queue('PUT', `${FAST}/requests/${id}/cancel`);
    expect([late.status, late.body]).toEqual([400, { status: 'ALREADY_COMPLETED' }]);
    expect(await job(id)).toMatchObject({ paid: 0, cancelRequested: true });
    expect(stage.receiver.received).toEqual([]);
  });

  it('may not hear of a cancellation in time, or tell of it', async () => {
    await stage.fault('deaf-to-cancel');
    const deaf = await stage.submit();
    expect((await stage.queue('PUT', `${FAST}/requests/${deaf}/cancel`)).status).toBe(202);
    expect(await stage.ended(deaf)).not.toHaveProperty('error');
    await stage.receiver.wait(1);
    await stage.fault('notice-of-cancel');
    await stage.fault('queued', { ms: 60_000 });
    const id = await stage.submit();
    await stage.queue('PUT', `${FAST}/requests/${id}/cancel`);
    const [, notice] = await stage.receiver.wait(2);
    expect(JSON.parse(notice?.body ?? '')).toMatchObject({ request_id: id, status: 'ERROR' });
  });

  it('takes any input; the trainer says at its start what is wrong with it', async () => {
    expect(await detailOf({})).toMatchObject([{ loc: ['body', 'images_data_url'], type: 'missing' }]);
    expect(await detailOf(stage.input({ steps: 'many', is_style: 'no', learning_rate: '1', else: 1 }))).toMatchObject([
      { loc: ['body', 'steps'], type: 'int_parsing' },
      { loc: ['body', 'learning_rate'], type: 'float_parsing' },
      { loc: ['body', 'is_style'], type: 'bool_parsing' },
    ]);
    expect(await detailOf({}, 'fal-ai/wan-22-image-trainer')).toHaveLength(2);
    const uncaptioned = { image_data_url: stage.sandbox.fal.imagesUrl };
    expect(await detailOf(uncaptioned, 'fal-ai/flux-2-trainer')).toMatchObject([{ loc: ['body', 'default_caption'] }]);
    await stage.fault('refuse-at-submit');
    expect((await stage.trySubmit({})).status).toBe(422);
  });

  it('fails a training whose archive cannot be fetched or read, and tells of it', async () => {
    const at = (images_data_url: string) => detailOf({ images_data_url });
    expect(await at('http://127.0.0.1:1/a.zip')).toMatchObject([{ type: 'file_download_error' }]);
    expect(await at(`${stage.sandbox.url}/nothing.zip`)).toMatchObject([{ type: 'file_download_error' }]);
    expect(await at(`${stage.sandbox.url}/sandbox/faults`)).toMatchObject([{ type: 'invalid_archive' }]);
    expect(await at(`${stage.sandbox.fal.imagesUrl}?images=0`)).toMatchObject([
      { type: 'archive_file_count_below_minimum' },
    ]);
    const all = await stage.receiver.wait(4);
    for (const { body } of all) {
      expect(JSON.parse(body)).toMatchObject({
        status: 'ERROR',
        error: 'Invalid status code: 422',
        payload: { detail: [{}] },
      });
    }
  });

  it('bills the portrait trainer for a thousand steps at least', async () => {
    for (const [steps, usd] of [
      [500, 2.4],
      [1000, 2.4],
      [2500, 6],
    ] as const) {
      const id = await stage.submit(stage.input({ steps }), PORTRAIT);
      await stage.ended(id);
      expect(await job(id)).toMatchObject({ paid: usd });
    }
  });
});
