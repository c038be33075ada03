import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../src/kernel/jobs/change.js';
import { JOB_STATUSES, MOVES, allowedFrom } from '../../src/kernel/jobs/job-status.js';
import type { JobStatus } from '../../src/kernel/jobs/job-status.js';
import type { JobProvider, ProviderJob, VerifiedNotice } from '../../src/kernel/jobs/provider.js';
import { NotNow, Refused, Unavailable } from '../../src/kernel/jobs/provider-errors.js';
import type { Reply } from './tiny-vendor.js';
import type { EventFixture, ProviderFixture, Stage, VendorFixture } from './vendor-fixture.js';

const JOB_ID = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
/** Where a change that comes from the vendor may find a job. */
const ASKED: readonly JobStatus[] = ['submitting', 'unconfirmed', 'running', 'expired'];

/** Answers after which nobody can say whether the vendor has the job. */
const UNCLEAR: readonly Reply[] = [
  'hang up',
  { status: 200, text: '' },
  { status: 200, text: '<html>' },
  { status: 200, json: null },
  { status: 201, json: {} },
  { status: 500 },
];

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value) && !(value instanceof Date)) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

/** What every provider promises (`kernel/jobs/provider.ts`). */
export function describeProvider({ sources }: VendorFixture, fixture: ProviderFixture, stage: () => Stage): void {
  const found = ({ provider }: { provider?: JobProvider }): JobProvider => {
    if (!provider) throw new Error(`the provider ${fixture.name} is not there`);
    return provider;
  };
  const provider = () => found(stage());
  const specOf = (kind: string) => provider().kinds.find((spec) => spec.kind === kind);
  const costly = () => stage().tiny.heard.filter((request) => fixture.costs(request)).length;

  const aJob = (kind: string, over: Partial<ProviderJob> = {}): ProviderJob =>
    frozen({
      id: JOB_ID,
      teamId: '019aa0b0-0000-7000-8000-000000000001',
      kind,
      status: 'running',
      input: structuredClone(fixture.inputs[kind] ?? {}),
      result: null,
      externalId: fixture.externalId,
      facts: {},
      labels: {},
      attempt: 1,
      createdAt: new Date(Date.now() - 60_000),
      askedAt: new Date(Date.now() - 59_000),
      callbackUrl: `https://signalbox.example.com/webhooks/${fixture.name}?job=${JOB_ID}&w=${kind}.t&k=abcd.mac`,
      ...over,
    });
  const aNotice = ({ source, body }: NonNullable<EventFixture['notice']>): VerifiedNotice => {
    const bytes = Buffer.from(JSON.stringify(body));
    const headers = sources.find(({ name }) => name === source)?.sign(bytes, Date.now() / 1_000) ?? {};
    return frozen({ source, headers, body: bytes, receivedAt: new Date() });
  };

  /** Reads twice, and sees to it that nothing was paid for or written. */
  const readTwice = async (event: EventFixture, read: () => Promise<Change | null>): Promise<Change | null> => {
    const before = await stage().fingerprint?.();
    stage().tiny.answer = event.shows;
    const paid = costly();
    const first = await read();
    expect(await read()).toEqual(first);
    expect(costly()).toBe(paid);
    expect(await stage().fingerprint?.()).toBe(before);
    return first;
  };

  /** A change that the kernel can make of the job's row. */
  const mustBeSound = (change: Change | null, kind: string): void => {
    if (!change) return;
    expect(isDeepStrictEqual(JSON.parse(JSON.stringify(change)), change)).toBe(true);
    if (change.to !== undefined) {
      expect(['running', 'succeeded', 'failed', 'canceled']).toContain(change.to);
      expect(allowedFrom(change.to).some((from) => ASKED.includes(from))).toBe(true);
      if (change.to !== 'running') expect(MOVES[change.to]).toEqual([]);
    }
    if (change.phase !== undefined) expect(specOf(kind)?.phases.map(({ name }) => name)).toContain(change.phase);
    if (change.progress !== undefined) expect(change.progress >= 0 && change.progress <= 1).toBe(true);
    if (change.externalId !== undefined) expect(change.externalId).toBe(fixture.externalId);
    if (change.checkAfter !== undefined) expect(change.checkAfter).toBeGreaterThanOrEqual(0);
    if (change.error)
      expect(change.error).toEqual({
        code: expect.stringMatching(/^[a-z_]+$/) as string,
        message: expect.stringMatching(/\S/) as string,
      });
  };

  const mustLeadTo = (change: Change | null, { to, kind }: EventFixture): void => {
    mustBeSound(change, kind);
    if (to === 'unknown') expect(change).toBeNull();
    else if (to === 'open') expect(change?.to ?? 'running').toBe('running');
    else expect(change?.to).toBe(to);
    if (to === 'succeeded') expect(change?.result).toBeDefined();
    else expect(change?.result).toBeUndefined();
  };

  describe(`the provider ${fixture.name}`, () => {
    beforeEach(() => void stage().tiny.heard.splice(0));

    it('has kinds with tables that make sense', () => {
      const kinds = provider().kinds.map(({ kind }) => kind);
      expect(new Set(kinds).size).toBe(kinds.length);
      expect(Object.keys(fixture.inputs).sort()).toEqual([...kinds].sort());
      for (const spec of provider().kinds) {
        // It stands before a dot in event types and in the address that we give to the vendor.
        expect(spec.kind).toMatch(/^[a-z][a-z0-9_]{1,39}$/);
        const { withWebhook, withoutWebhook } = spec.checks;
        for (const rhythm of [withWebhook, withoutWebhook]) {
          expect(rhythm.first).toBeGreaterThan(0);
          expect(rhythm.factor).toBeGreaterThanOrEqual(1);
          expect(rhythm.max).toBeGreaterThanOrEqual(rhythm.first);
          expect(rhythm.first).toBeLessThan(spec.deadline);
        }
        expect(withoutWebhook.first).toBeLessThanOrEqual(withWebhook.first);
        const names = spec.phases.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        // `<kind>.<phase>` and `<kind>.<status>` are types of events: one word must not mean both.
        for (const name of names) expect([...JOB_STATUSES, 'canceling']).not.toContain(name);
        for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
        for (const { rank } of spec.phases) expect(Number.isInteger(rank)).toBe(true);
        expect(['safe', 'never']).toContain(spec.resubmit);
      }
    });

    it('names the variables that are missing', () => {
      expect([...found(stage().bare).missingKeys()].sort()).toEqual([...fixture.needs].sort());
      expect(provider().missingKeys()).toEqual([]);
    });

    it('is shown every end that a job can come to, something on the way, and a word that is none', () => {
      for (const kind of Object.keys(fixture.inputs)) {
        const ends = new Set(fixture.events.filter((event) => event.kind === kind).map(({ to }) => to));
        expect([...ends]).toEqual(expect.arrayContaining(['succeeded', 'failed', 'unknown']));
      }
    });

    describe.each(Object.keys(fixture.inputs))('submits a %s', (kind) => {
      const fresh = () => aJob(kind, { status: 'submitting', externalId: null, askedAt: new Date(0) });

      it('by asking once, and then by exactly one request that costs', async () => {
        const { tiny } = stage();
        tiny.answer = fixture.takes;
        let asked = 0;
        const change = await provider().submit(fresh(), async () => {
          asked += 1;
          expect(costly()).toBe(0);
          await new Promise(setImmediate);
          expect(costly()).toBe(0);
        });
        expect({ asked, costly: costly() }).toEqual({ asked: 1, costly: 1 });
        expect(tiny.heard.slice(-1).every((request) => fixture.costs(request))).toBe(true);
        mustBeSound(change, kind);
        expect(change.externalId).toBe(fixture.externalId);
      });

      it('by sending nothing that costs when asking fails, and passing that on', async () => {
        stage().tiny.answer = fixture.takes;
        const lost = new Error('the lease ran out');
        await expect(provider().submit(fresh(), () => Promise.reject(lost))).rejects.toBe(lost);
        expect(costly()).toBe(0);
      });

      it.each(UNCLEAR)('once only, and calls it unclear when the vendor answers %j', async (reply) => {
        stage().tiny.answer = (request) => (fixture.costs(request) ? reply : fixture.takes(request));
        const answer = { refused: null as unknown };
        await expect(
          provider()
            .submit(fresh(), () => Promise.resolve())
            .catch((error: unknown) => {
              answer.refused = error;
              throw error;
            }),
        ).rejects.toThrow();
        for (const sure of [NotNow, Refused, Unavailable]) expect(answer.refused).not.toBeInstanceOf(sure);
        expect(costly()).toBe(1);
      });

      it('without an address to call when the job has none', async () => {
        stage().tiny.answer = fixture.takes;
        await provider().submit({ ...fresh(), callbackUrl: null }, () => Promise.resolve());
        for (const { body } of stage().tiny.heard) expect(body.toString('utf8')).not.toContain('/webhooks/');
      });
    });

    describe.each(fixture.events)('reads $name', (event) => {
      const { notice, kind } = event;
      if (notice) {
        it('from its notice: twice the same, writing nothing, to a state that is allowed', async () => {
          const interpret = () => provider().interpret(aNotice(notice), aJob(kind));
          mustLeadTo(await readTwice(event, interpret), event);
        });

        it.each(JOB_STATUSES)('from its notice when the job is %s already', async (status) => {
          const job = aJob(kind, { status, externalId: status === 'unconfirmed' ? null : fixture.externalId });
          mustBeSound(await readTwice(event, () => provider().interpret(aNotice(notice), job)), kind);
        });
      }

      it('by asking: twice the same, writing nothing, to a state that is allowed', async () => {
        mustLeadTo(await readTwice(event, () => provider().check(aJob(kind))), event);
      });

      it('by the vendor’s list, where there is one, as by asking singly', async () => {
        const job = aJob(kind);
        if (!provider().checkMany) return;
        const many = await readTwice(event, async () => {
          const answers = await provider().checkMany?.([job]);
          return answers?.has(job.id) ? (answers.get(job.id) ?? null) : provider().check(job);
        });
        mustLeadTo(many, event);
      });
    });

    it('never throws away what a notice cannot say: strange bodies are null or a sound change, or asked about', async () => {
      stage().tiny.answer = () => ({ status: 404, json: {} });
      const [kind = ''] = Object.keys(fixture.inputs);
      for (const body of ['', '\0', 'null', '[]', '{}', '{"status":{}}', '{"status":"no such word"}', '{"state":7}']) {
        const notice = { source: sources[0]?.name ?? '', headers: {}, body: Buffer.from(body), receivedAt: new Date() };
        const change = await provider().interpret(notice, aJob(kind));
        mustBeSound(change, kind);
        expect(change?.to === undefined || change.to === 'running').toBe(true);
      }
      expect(costly()).toBe(0);
    });

    it('cancels, where it can, without paying, and as often as it is asked', async () => {
      const [event] = fixture.events.filter(({ to }) => to === 'open');
      if (!provider().cancel) return;
      if (!event) throw new Error('a provider that can cancel needs an event on the way');
      stage().tiny.answer = event.shows;
      for (const kind of Object.keys(fixture.inputs)) {
        for (let i = 0; i < 2; i++) mustBeSound((await provider().cancel?.(aJob(kind))) ?? null, kind);
      }
      expect(costly()).toBe(0);
    });
  });
}
