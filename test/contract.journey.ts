import { ProviderRegistry } from '../src/kernel/jobs/provider-registry.js';
import { Pace } from '../src/kernel/config/pace.js';
import { parseEnv } from '../src/kernel/config/parse-env.js';
import { ServiceEnv } from '../src/kernel/config/service.env.js';
import { KernelMetrics } from '../src/kernel/observability/kernel-metrics.js';
import { SourceRegistry } from '../src/kernel/webhooks/source-registry.js';
import { describeContract } from './contract/contract-suite.js';
import { fal } from './contract/fixtures/fal.fixture.js';
import { pyannote } from './contract/fixtures/pyannote.fixture.js';
import { TinyVendor } from './contract/tiny-vendor.js';
import type { Halves, VendorFixture } from './contract/vendor-fixture.js';
import { toy } from './fifth-vendor/toy.fixture.js';
import { ToyClient } from './fifth-vendor/toy/toy.client.js';
import { ToyEnv } from './fifth-vendor/toy/toy.env.js';
import { ToyProvider } from './fifth-vendor/toy/toy.provider.js';
import { ToySource } from './fifth-vendor/toy/toy.source.js';
import { World } from './harness/service.js';

/** One per vendor in `src/domains/enabled.ts`. */
const FIXTURES: readonly VendorFixture[] = [pyannote, fal];

/** Work that is done in this very process: there is no vendor to play, and its journeys are those of receipts. */
const OWN = ['photos'];

/** Every table, row by row, with the transaction that wrote it; `duties` is written by the clock. */
async function fingerprint(world: World): Promise<string> {
  const tables = await world.db.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'duties' order by 1`,
  );
  const parts = tables.map(
    ({ name }) => `select '${name}' as name, count(*) as rows, max(xmin::text::bigint) as last from "${name}"`,
  );
  return JSON.stringify(await world.db.query(parts.join(' union all ')));
}

describe('Every vendor that is enabled', () => {
  let world: World;
  let bare: Halves & { providers: readonly NonNullable<Halves['provider']>[] };
  const tiny = new Map<VendorFixture, TinyVendor>();

  const halves = () => ({
    providers: world.app.get(ProviderRegistry).all(),
    sources: world.app.get(SourceRegistry).all(),
  });

  beforeAll(async () => {
    for (const fixture of FIXTURES) {
      tiny.set(fixture, await new TinyVendor().start());
      await fixture.beside?.start();
    }
    const configured = FIXTURES.map((fixture) => fixture.env(tiny.get(fixture)?.url ?? ''));
    const unset = Object.fromEntries(configured.flatMap(Object.keys).map((name) => [name, '']));
    world = await World.create('contract');
    await world.start({ ...unset, SIGNALBOX_SANDBOX: 'false', SIGNALBOX_TIME_FACTOR: '1' });
    bare = halves();
    await world.stop();
    await world.start(Object.assign({}, ...configured) as Record<string, string>);
  });
  afterAll(async () => {
    await world.end();
    for (const vendor of tiny.values()) await vendor.stop();
    for (const { beside } of FIXTURES) await beside?.stop();
  });

  it('has a fixture for the contract suite, and no fixture is left over', () => {
    const { providers, sources } = halves();
    expect(FIXTURES.flatMap(({ provider }) => provider?.name ?? []).sort()).toEqual(
      providers
        .map(({ name }) => name)
        .filter((name) => !OWN.includes(name))
        .sort(),
    );
    const fixed = FIXTURES.flatMap((fixture) => fixture.sources.map(({ name }) => name));
    expect(fixed.sort()).toEqual(sources.map(({ name }) => name).sort());
  });

  it('feeds a provider that is there', () => {
    const { providers, sources } = halves();
    for (const source of sources) expect(providers.map(({ name }) => name)).toContain(source.provider);
  });

  for (const fixture of FIXTURES) {
    const mine = ({ providers, sources }: ReturnType<typeof halves>): Halves => ({
      provider: providers.find(({ name }) => name === fixture.provider?.name),
      sources: sources.filter(({ name }) => fixture.sources.some((source) => source.name === name)),
    });
    describeContract(fixture, () => {
      const vendor = tiny.get(fixture);
      if (!vendor) throw new Error(`${fixture.vendor} does not listen`);
      return { ...mine(halves()), bare: mine(bare), tiny: vendor, fingerprint: () => fingerprint(world) };
    });
  }
});

describe('The fifth vendor', () => {
  const vendor = new TinyVendor();
  const built = (env: Record<string, string>): Halves => {
    const toyEnv = parseEnv(ToyEnv, env);
    const pace = new Pace(parseEnv(ServiceEnv, {}));
    const provider = new ToyProvider(new ToyClient(toyEnv, pace, new KernelMetrics()), toyEnv);
    return { provider, sources: [new ToySource(toyEnv)] };
  };

  beforeAll(() => vendor.start());
  afterAll(() => vendor.stop());

  describeContract(toy, () => ({ ...built(toy.env(vendor.url)), bare: built({}), tiny: vendor }));
});
