import type { QueueStatus } from '@fal-ai/client';
import { officialClient } from '../testing/fal-client.js';
import { FAST, FalStage } from '../testing/fal-stage.js';

interface Output {
  diffusers_lora_file: { url: string; file_size: number };
  config_file: { url: string; file_name: string };
}

const PORTRAIT = 'fal-ai/flux-lora-portrait-trainer';
const LARGE = 91 * 1024 * 1024;

describe('the official client', () => {
  let stage: FalStage;

  beforeAll(async () => (stage = await FalStage.build(0.003)));
  afterAll(() => stage.tearDown());
  beforeEach(() => stage.renew());

  const fal = () => officialClient(stage.sandbox);
  const input = () => ({ images_data_url: stage.sandbox.fal.imagesUrl, trigger_phrase: 'ohwx', steps: 100 });

  it('submits, asks for the status, and takes the result', async () => {
    const webhookUrl = `${stage.receiver.url}?k=1&l=2`;
    const submitted = await fal().queue.submit(PORTRAIT, { input: input(), webhookUrl, priority: 'low' });
    expect(Object.keys(submitted)).toEqual(
      expect.arrayContaining(['status', 'request_id', 'response_url', 'status_url', 'cancel_url', 'queue_position']),
    );
    const requestId = submitted.request_id;
    expect(submitted).toMatchObject({
      status: 'IN_QUEUE',
      response_url: `${stage.sandbox.fal.queueUrl}/${PORTRAIT}/requests/${requestId}`,
    });
    await fal().queue.subscribeToStatus(PORTRAIT, { requestId, pollInterval: 20 });
    const done = await fal().queue.status(PORTRAIT, { requestId, logs: true });
    expect(done).toMatchObject({ status: 'COMPLETED', metrics: { inference_time: expect.any(Number) as number } });
    const { data, requestId: again } = await fal().queue.result(PORTRAIT, { requestId });
    expect(again).toBe(requestId);
    expect(Object.keys(data as object)).toEqual(['diffusers_lora_file', 'config_file']);
    const [notice] = await stage.receiver.wait(1);
    expect(notice?.path).toBe('/hook?k=1&l=2');
  });

  it('subscribes and sees every stage and every line of the log', async () => {
    await stage.fault('queued', { ms: 150 });
    const seen: QueueStatus[] = [];
    const options = {
      input: input(),
      logs: true,
      pollInterval: 10,
      onQueueUpdate: (one: QueueStatus) => seen.push(one),
    };
    const { data } = await fal().subscribe(PORTRAIT, options);
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']));
    const lines = seen.flatMap((one) => ('logs' in one ? (one.logs ?? []) : [])).map(({ message }) => message);
    expect(lines).toContainEqual(expect.stringMatching(/^ 50%\|█+ +\| 50\/100 \[\d\d:\d\d<\d\d:\d\d, [\d.]+it\/s\]$/));
    expect(lines).toContain('Found 12 images and 0 captions in the archive');
    const { diffusers_lora_file: model, config_file: config } = data as Output;
    expect((await (await fetch(model.url)).arrayBuffer()).byteLength).toBe(model.file_size);
    expect(await (await fetch(config.url)).json()).toMatchObject({ instance_prompt: 'ohwx', images: 12 });
  });

  it('streams the status, each line of the log once', async () => {
    const { request_id: requestId } = await fal().queue.submit(FAST, { input: stage.input() });
    const stream = await fal().queue.streamStatus(FAST, { requestId, logs: true });
    const seen: QueueStatus[] = [];
    stream.on('data', (one: QueueStatus) => seen.push(one));
    expect(await stream.done()).toMatchObject({ status: 'COMPLETED', request_id: requestId });
    const streamed = seen.flatMap((one) => ('logs' in one ? (one.logs ?? []) : []));
    const whole = await fal().queue.status(FAST, { requestId, logs: true });
    expect(streamed).toEqual((whole as { logs?: unknown }).logs);
    expect(streamed.length).toBeGreaterThan(20);
  });

  it('is told what is wrong with its input, by the result', async () => {
    const { request_id: requestId } = await fal().queue.submit(PORTRAIT, { input: { images_data_url: '' } });
    await fal().queue.subscribeToStatus(PORTRAIT, { requestId, pollInterval: 10 });
    await expect(fal().queue.result(PORTRAIT, { requestId })).rejects.toMatchObject({
      name: 'ValidationError',
      status: 422,
      body: { detail: [{ loc: ['body', 'images_data_url'], type: 'file_download_error' }] },
    });
  });

  it('cancels what waits, and not what is over', async () => {
    await stage.fault('queued', { ms: 60_000 });
    const { request_id: requestId } = await fal().queue.submit(FAST, { input: stage.input() });
    await fal().queue.cancel(FAST, { requestId });
    expect(await fal().queue.status(FAST, { requestId })).toMatchObject({ error_type: 'client_cancelled' });
    await expect(fal().queue.cancel(FAST, { requestId })).rejects.toMatchObject({
      status: 400,
      body: { status: 'ALREADY_COMPLETED' },
    });
  });

  it('is refused with another key', async () => {
    const stranger = officialClient(stage.sandbox, 'some:body');
    await expect(stranger.queue.submit(FAST, { input: stage.input() })).rejects.toMatchObject({ status: 401 });
  });

  it('uploads an archive and trains with it', async () => {
    const zip = await (await fetch(`${stage.sandbox.fal.imagesUrl}?images=4&captions=3`)).blob();
    const { data } = await fal().subscribe(PORTRAIT, { input: { images_data_url: zip as unknown as string } });
    const config = await (await fetch((data as Output).config_file.url)).json();
    expect(config).toMatchObject({ images: 4, captions: 3 });
  });

  it('uploads a large file in parts', async () => {
    const bytes = Buffer.alloc(LARGE, 7);
    const url = await fal().storage.upload(new File([bytes], 'größer.zip', { type: 'application/zip' }));
    expect(url).toMatch(/\/gr%C3%B6%C3%9Fer\.zip$/);
    const got = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(got.equals(bytes)).toBe(true);
    const requests = (await stage.admin('GET', '/record')).body.requests as { method: string; path: string }[];
    expect(requests.filter(({ path }) => /\/multipart\/[^/]+\/\d+\?/.test(path))).toHaveLength(10);
  });
});
