import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox.js';
import { until } from '../testing/receiver.js';
import { VendorClient } from '../testing/vendor-client.js';

const bytes = readFileSync(join(__dirname, '../../../examples/audio/two-voices.wav'));

describe('media', () => {
  let sandbox: Sandbox;
  let vendor: VendorClient;

  beforeAll(async () => {
    sandbox = await startSandbox({ factor: 0.001 });
    vendor = new VendorClient(sandbox);
  });
  afterAll(() => sandbox.stop());

  const address = async (direction: string, url: string) => {
    const { status, body } = await vendor.call('POST', `/v1/media/${direction}`, { url });
    expect(status).toBe(201);
    return String(body.url);
  };

  it('goes up without a key, is heard by a job, and comes down again', async () => {
    const put = await fetch(await address('input', 'media://a/two.wav'), { method: 'PUT', body: bytes });
    expect(put.status).toBe(200);
    const job = await vendor.ended(await vendor.submit('diarize', { url: 'media://a/two.wav' }));
    expect(job.output?.diarization).toHaveLength(7);
    const got = await fetch(await address('output', 'media://a/two.wav'));
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('takes any content type, a chunked body and a second upload under the same name', async () => {
    const url = await address('input', 'media://b');
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('first'));
        controller.close();
      },
    });
    await fetch(url, { method: 'PUT', body: chunked, duplex: 'half' });
    await fetch(url, { method: 'PUT', body: 'second', headers: { 'content-type': 'application/json' } });
    expect(await (await fetch(await address('output', 'media://b'))).text()).toBe('second');
  });

  it('keeps each address to its purpose', async () => {
    const [input, output] = [await address('input', 'media://c'), await address('output', 'media://c')];
    expect((await fetch(output)).status).toBe(404);
    expect((await fetch(input)).status).toBe(403);
    expect((await fetch(output, { method: 'PUT', body: 'x' })).status).toBe(403);
    expect(
      (await vendor.call('POST', '/v1/media/input', { url: 'https://example.com/a.wav' })).body.errors,
    ).toHaveLength(1);
  });

  it('fails the job when nothing or nonsense was uploaded', async () => {
    const nothing = await vendor.ended(await vendor.submit('diarize', { url: 'media://never' }));
    expect(nothing).toMatchObject({
      status: 'failed',
      output: { error: expect.stringMatching('nothing was uploaded') as string },
    });
    await fetch(await address('input', 'media://noise'), { method: 'PUT', body: 'x'.repeat(5_000) });
    const nonsense = await vendor.ended(await vendor.submit('diarize', { url: 'media://noise' }));
    expect(nonsense.output?.error).toMatch('could not be loaded: the file is not a WAV file');
  });

  it('can fail on the way', async () => {
    const url = await address('input', 'media://d');
    await vendor.fault('status', { on: 'storage', code: 503 });
    expect((await fetch(url, { method: 'PUT', body: bytes })).status).toBe(503);
    expect((await fetch(url, { method: 'PUT', body: bytes })).status).toBe(200);
  });

  it('is removed after a day', async () => {
    const brief = await startSandbox({ factor: 0.000_02 });
    const client = new VendorClient(brief);
    const input = String((await client.call('POST', '/v1/media/input', { url: 'media://e' })).body.url);
    const output = String((await client.call('POST', '/v1/media/output', { url: 'media://e' })).body.url);
    expect((await fetch(input, { method: 'PUT', body: 'x' })).status).toBe(200);
    await until(async () => (await fetch(output)).status !== 200, 'the removal');
    await brief.stop();
  });
});
