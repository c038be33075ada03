import { type Sandbox, startSandbox } from '../sandbox.js';
import { VendorClient } from '../testing/vendor-client.js';

describe('asking for a fault', () => {
  let sandbox: Sandbox;
  let vendor: VendorClient;

  beforeAll(async () => {
    sandbox = await startSandbox();
    vendor = new VendorClient(sandbox);
  });
  afterAll(() => sandbox.stop());

  it.each<[string, Record<string, unknown>]>([
    ['an unknown vendor', { vendor: 'nobody', fault: 'lose' }],
    ['an unknown fault', { vendor: 'pyannote', fault: 'loose' }],
    ['an unknown parameter', { vendor: 'pyannote', fault: 'lose', seconds: 1 }],
    ['a parameter of another kind', { vendor: 'pyannote', fault: 'slow', ms: '1' }],
    ['an unknown place', { vendor: 'pyannote', fault: 'slow', on: 'moon' }],
    ['a count of nothing', { vendor: 'pyannote', fault: 'lose', times: 0 }],
    ['an unknown match', { vendor: 'pyannote', fault: 'lose', match: { job: 'x' } }],
  ])('refuses %s', async (_title, fault) => {
    expect((await vendor.admin('POST', '/faults', fault)).status).toBe(400);
  });

  it('lists and clears what is still to strike', async () => {
    await vendor.fault('lose', { times: null, match: { url: 'x' } });
    const { faults } = (await vendor.admin('GET', '/faults')).body;
    expect(faults).toMatchObject([{ vendor: 'pyannote', fault: 'lose', times: null, match: { url: 'x' } }]);
    expect((await vendor.admin('DELETE', '/faults')).status).toBe(204);
    expect((await vendor.admin('GET', '/faults')).body).toEqual({ faults: [] });
  });

  it('takes back a single one, and says which there are', async () => {
    const { body } = await vendor.admin('POST', '/faults', { vendor: 'pyannote', fault: 'lose' });
    expect((await vendor.admin('DELETE', `/faults/${String(body.id)}`)).status).toBe(204);
    expect((await vendor.admin('DELETE', `/faults/${String(body.id)}`)).status).toBe(404);
    expect((await vendor.admin('GET', '/faults/names')).body.pyannote).toHaveProperty('duplicate.copies', 'number');
  });
});
