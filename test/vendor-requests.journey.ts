import { countCalls, saved } from '../bench/vendor-requests/count-calls.js';
import type { Stage } from '../bench/vendor-requests/count-calls.js';
import { World } from './harness/service.js';

const FACTOR = 0.01;

/** The bench of this name, small: what it counts has to be so at every change. */
describe('Calls to the vendor per job', () => {
  let world: World;
  let stage: Stage;

  beforeAll(async () => {
    world = await (await World.create('vendor-requests', { factor: FACTOR })).start();
    const { baseUrl, apiKey } = world.sandbox.pyannote;
    stage = {
      factor: FACTOR,
      vendor: { admin: world.sandbox.url, baseUrl, apiKey, audio: world.vendor.audio },
      service: { url: world.url, key: await world.key() },
    };
  });

  afterAll(() => world.end());

  // On a busy machine a hundredth of a second is not much: the exact numbers are the bench's.
  it('are about one with webhooks, for jobs of 30 s, and several by polling', async () => {
    const calls = await countCalls(stage, 30, 3);
    expect(calls.webhooks).toBeGreaterThanOrEqual(1);
    expect(calls.webhooks).toBeLessThan(2);
    expect(calls.every5s).toBeGreaterThan(calls.every10s);
    expect(saved(calls, 'every5s')).toBeGreaterThan(0.6);
  });

  it('are about two for jobs of 5 min: one question, in case that the notice was lost', async () => {
    const calls = await countCalls(stage, 300, 2);
    expect(calls.webhooks).toBeGreaterThan(1);
    expect(calls.webhooks).toBeLessThanOrEqual(3);
    expect(saved(calls, 'every10s')).toBeGreaterThan(0.75);
    expect(saved(calls, 'every5s')).toBeGreaterThan(0.8);
  });
});
