import { ApiClient } from './harness/api-client.js';
import { HugeVendor } from './harness/huge-vendor.js';
import { World } from './harness/service.js';

const MIB = 1_024 ** 2;

interface Large {
  result: unknown;
  resultSize: number;
  links: Record<string, string>;
}
interface Scores {
  diarization: { speaker: string }[];
  confidence: { score: number[] };
}

const order = (mib: number) => ({ url: `https://files.example.com/${mib}`, webhook: false, confidence: true });

describe('A large result', () => {
  let vendor: HugeVendor;
  let world: World;
  let id: string;

  beforeAll(async () => {
    vendor = await HugeVendor.start();
    world = await (await World.create('results-large', { env: { PYANNOTEAI_BASE_URL: vendor.url } })).start();
    id = (await world.diarize(order(9))).id;
    await world.until(id, 'succeeded', 30_000);
  }, 60_000);

  afterAll(async () => {
    await world?.end();
    await vendor?.stop();
  });

  const result = (query = '', init: RequestInit = {}) =>
    world.key(['jobs:read']).then((key) =>
      fetch(`${world.url}/v1/jobs/${id}/result${query}`, {
        ...init,
        headers: { authorization: `Bearer ${key}`, ...init.headers },
      }),
    );

  it('lies in a file; its job says how large it is, and where it is to be had', async () => {
    const { body } = await world.client.get<Large>(`/v1/jobs/${id}`);
    expect(body).toMatchObject({ result: null, links: { result: `/v1/jobs/${id}/result` } });
    expect(body.resultSize).toBeGreaterThan(9 * MIB);
    const [row] = await world.db.query<{ inRow: boolean; expires: Date | null; size: number }>(
      `select result is not null as "inRow", expires_at as expires, size::int as size
       from jobs join files on files.id = result_file where jobs.id = $1`,
      [id],
    );
    expect(row).toMatchObject({ inRow: false, expires: null });
    expect(row?.size).toBeLessThan(body.resultSize / 2);
  });

  it('comes whole, in gzip for whoever takes it, and once', async () => {
    const packed = await result();
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    const text = await packed.text();
    const { resultSize } = (await world.client.get<Large>(`/v1/jobs/${id}`)).body;
    expect(Buffer.byteLength(text)).toBe(resultSize);
    const whole = JSON.parse(text) as Scores;
    expect(whole.diarization).toEqual(vendor.turns);
    expect(whole.confidence.score.length).toBeGreaterThan(2 * MIB);
    const plain = await result('', { headers: { 'accept-encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), (await plain.text()) === text]).toEqual([null, true]);
    const etag = packed.headers.get('etag') ?? '';
    expect((await result('', { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await result('', { method: 'HEAD' })).status).toBe(200);
  });

  it('comes in every form', async () => {
    const rttm = await (await result('?format=rttm')).text();
    expect(rttm.trimEnd().split('\n')).toHaveLength(vendor.turns.length);
    const stats = (await (await result('?format=stats')).json()) as { turns: number; talk: number };
    expect(stats).toMatchObject({ turns: 200, talk: 1_700 });
    expect((await result('?format=vtt')).status).toBe(409);
  });

  it('of an operator’s word lies in a file as well', async () => {
    // Nobody else may have a word on this job meanwhile.
    await world.db.execute(`insert into provider_states (provider, paused) values ('pyannote', true)`);
    const made = await world.diarize({ ...order(1), url: 'https://files.example.com/none' });
    await world.db.execute(`update jobs set status = 'running', submit_at = null where id = $1`, [made.id]);
    await world.db.execute('delete from provider_states');
    const words = { diarization: vendor.turns, notes: 'x'.repeat(2 * MIB) };
    const wish = { to: 'succeeded', result: words, reason: 'found in a backup' };
    const { status, body } = await world.client.post<Large>(`/v1/jobs/${made.id}/resolve`, wish);
    expect([status, body.result]).toEqual([200, null]);
    expect((await world.client.get(`/v1/jobs/${made.id}/result`)).body).toEqual(words);
  });

  it('that was deleted is gone, and says so', async () => {
    const [row] = await world.db.query<{ file: string }>('select result_file as file from jobs where id = $1', [id]);
    const key = await world.key(['files:write']);
    const api = new ApiClient(world.url, key);
    expect((await api.ask(`/v1/files/${row?.file}`, { method: 'DELETE' })).status).toBe(204);
    expect((await result()).status).toBe(410);
    expect(await (await result('?format=csv')).json()).toMatchObject({ code: 'result_gone' });
  });
});
