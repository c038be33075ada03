import { type Sandbox, startSandbox } from '../sandbox.js';
import { VendorClient } from '../testing/vendor-client.js';

describe('the limits of requests', () => {
  let sandbox: Sandbox;
  let vendor: VendorClient;

  beforeAll(async () => {
    sandbox = await startSandbox();
    vendor = new VendorClient(sandbox);
  });
  afterAll(() => sandbox.stop());

  it('are 100 a minute for each POST, with the wait in Retry-After', async () => {
    const body = { url: 'media://never-uploaded' };
    const first = await vendor.call('POST', '/v1/diarize', body);
    expect([first.headers.get('x-ratelimit-limit'), first.headers.get('x-ratelimit-remaining')]).toEqual(['100', '99']);
    await Promise.all(Array.from({ length: 99 }, () => vendor.call('POST', '/v1/diarize', body)));
    const refused = await vendor.call('POST', '/v1/diarize', body);
    expect(refused.status).toBe(429);
    expect(Object.keys(refused.body)).toEqual(['requestId', 'message']);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait >= 50 && wait <= 60).toBe(true);
    expect((await vendor.call('POST', '/v1/voiceprint', body)).status).toBe(200);
  });

  it('are 300 a minute for reading jobs', async () => {
    const answers = await Promise.all(Array.from({ length: 301 }, () => vendor.call('GET', '/v1/jobs/nobody')));
    const codes = answers.map((answer) => answer.status);
    expect([codes.filter((code) => code === 404).length, codes.filter((code) => code === 429).length]).toEqual([
      300, 1,
    ]);
    expect((await vendor.call('GET', '/v1/test')).headers.get('x-ratelimit-limit')).toBeNull();
  });
});
