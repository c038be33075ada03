import { CannotVerifyNow, RefusedNotice } from '../../src/kernel/webhooks/inbound-source.js';
import type { Headers, InboundSource } from '../../src/kernel/webhooks/inbound-source.js';
import { chance, strangeBodies } from './random.js';
import { asHeaders } from './vendor-fixture.js';
import type { SourceFixture, Stage } from './vendor-fixture.js';

const FUZZ = 500;
/** A body up to this long has every byte tampered with; of a longer one, this many are. */
const POSITIONS = 400;

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

/** How `verify` answers, as a word. */
async function verdict(source: InboundSource, headers: Headers, body: Buffer): Promise<RefusedNotice | 'believed'> {
  try {
    await source.verify(headers, body);
    return 'believed';
  } catch (error) {
    if (error instanceof RefusedNotice) return error;
    throw error;
  }
}

async function mustRefuse(source: InboundSource, headers: Headers, body: Buffer, what: string): Promise<RefusedNotice> {
  const answer = await verdict(source, headers, body);
  if (answer === 'believed') throw new Error(`${what} is believed`);
  // It becomes a metric's label: from a closed set, never a piece of the notice.
  if (!/^[a-z][a-z_]{2,40}$/.test(answer.reason)) throw new Error(`the reason "${answer.reason}" is no label`);
  return answer;
}

/** What every inbound source promises (`kernel/webhooks/inbound-source.ts`). */
export function describeSource(fixture: SourceFixture, bodies: readonly Buffer[], stage: () => Stage): void {
  const found = (halves: { sources: readonly InboundSource[] }): InboundSource => {
    const source = halves.sources.find(({ name }) => name === fixture.name);
    if (!source) throw new Error(`the source ${fixture.name} is not there`);
    return source;
  };
  const source = () => found(stage());
  const signed = (body: Buffer, age = 0) => asHeaders(fixture.sign(body, nowSeconds() - age));

  describe(`the source ${fixture.name}`, () => {
    it('has names that fit into an address, a label and a header', () => {
      expect(source().name).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
      for (const path of source().paths) expect(path).toMatch(/^\/(?!webhooks\/|v1\/)[\w/-]+$/);
      for (const name of source().secretHeaders) expect(name).toMatch(/^[a-z0-9-]+$/);
      for (const name of fixture.proof) expect(name).toBe(name.toLowerCase());
    });

    it('names the variables that are missing, and believes nothing without them', async () => {
      expect([...found(stage().bare).missingKeys()].sort()).toEqual([...fixture.needs].sort());
      expect(source().missingKeys()).toEqual([]);
      for (const body of bodies) {
        const answer = await verdict(found(stage().bare), signed(body), body).catch((error: unknown) => error);
        expect(answer instanceof CannotVerifyNow || answer instanceof RefusedNotice).toBe(true);
      }
    });

    it('believes every notice that is signed well, even bytes that nobody can read: it does not parse', async () => {
      const unreadable = [Buffer.from([0, 0xff, 0xc3, 0x28]), Buffer.from('{"half":'), Buffer.from('['.repeat(50_000))];
      for (const body of [...bodies, ...unreadable]) {
        const copy = Buffer.from(body);
        expect(await verdict(source(), signed(body), body)).toBe('believed');
        expect(body.equals(copy)).toBe(true);
      }
    });

    it('refuses a notice without any one of the headers that prove it, and with one of them twice', async () => {
      for (const body of bodies) {
        for (const name of fixture.proof) {
          const headers = signed(body);
          const value = headers[name];
          for (const instead of [undefined, '', ' ', [String(value), String(value)], [String(value), 'other']]) {
            await mustRefuse(source(), { ...headers, [name]: instead }, body, `${name}: ${JSON.stringify(instead)}`);
          }
        }
      }
    });

    it('refuses a proof in which any one character is another', async () => {
      const [body = Buffer.from('{}')] = bodies;
      const headers = signed(body);
      for (const name of fixture.proof) {
        const value = String(headers[name]);
        for (let i = 0; i < value.length; i++) {
          const other = `${value.slice(0, i)}${value[i] === '0' ? '1' : '0'}${value.slice(i + 1)}`;
          const refused = await mustRefuse(source(), { ...headers, [name]: other }, body, `${name}: ${other}`);
          expect(refused.genuine).toBe(false);
        }
      }
    });

    if (fixture.signsBody) {
      it('refuses a body in which any one byte is another, one is missing or one is more', async () => {
        for (const body of bodies) {
          const headers = signed(body);
          const step = Math.max(1, Math.floor(body.length / POSITIONS));
          for (let i = 0; i < body.length; i += step) {
            const tampered = Buffer.from(body);
            tampered[i] = (tampered[i] ?? 0) ^ (1 << (i % 8));
            const refused = await mustRefuse(source(), headers, tampered, `byte ${i} changed`);
            expect(refused.genuine).toBe(false);
          }
          for (const other of [body.subarray(1), body.subarray(0, -1), Buffer.alloc(0)]) {
            await mustRefuse(source(), headers, other, `${body.length - other.length} bytes less`);
          }
          await mustRefuse(source(), headers, Buffer.concat([body, Buffer.from('\n')]), 'a byte more');
        }
      });
    }

    if (fixture.maxAge !== null) {
      const { maxAge } = fixture;
      it('refuses a stale time and one far ahead, and says that the signature itself was right', async () => {
        const [body = Buffer.from('{}')] = bodies;
        expect(await verdict(source(), signed(body, maxAge - 30), body)).toBe('believed');
        for (const age of [maxAge + 30, 10 * maxAge + 86_400, -86_400]) {
          const refused = await mustRefuse(source(), signed(body, age), body, `a notice of ${age} s`);
          expect(refused.genuine).toBe(true);
        }
      });
    }

    it(`identifies ${FUZZ} bodies of all kinds without throwing, twice the same, and leaves them as they are`, () => {
      const random = chance(7);
      for (const body of strangeBodies(bodies, FUZZ, 1)) {
        const copy = Buffer.from(body);
        const odd =
          random() < 0.5
            ? {}
            : { 'x-retry-num': '9'.repeat(50), 'content-type': ['a', 'b'], [body.toString('latin1', 0, 9)]: '\0' };
        const first = source().identify(odd, body);
        expect(source().identify(odd, body)).toEqual(first);
        expect(body.equals(copy)).toBe(true);
        if (first === null) continue;
        expect(typeof first.deliveryId === 'string' && first.deliveryId !== '').toBe(true);
        expect(first.refs.every((ref) => typeof ref === 'string' && ref !== '')).toBe(true);
        // What is opened has to be found by the same notice afterwards.
        if (first.opens) expect(first.refs).toContain(first.opens.externalId);
        const torn = source().contradiction?.(odd, body) ?? null;
        expect(torn === null || torn !== '').toBe(true);
        const sentAt = source().sentAt?.(odd, body) ?? null;
        expect(sentAt === null || sentAt instanceof Date).toBe(true);
      }
    });

    it('tells different notices apart, and knows one that comes again with a later signature', () => {
      const ids = bodies.map((body) => source().identify(signed(body, 60), body)?.deliveryId);
      expect(new Set(ids).size).toBe(bodies.length);
      expect(bodies.map((body) => source().identify(signed(body), body)?.deliveryId)).toEqual(ids);
    });

    it('tells when a notice was sent, if it tells at all, as its signature does', () => {
      for (const body of bodies) {
        const told = source().sentAt?.(signed(body, 60), body);
        if (told) expect(Math.abs(told.getTime() / 1_000 - (nowSeconds() - 60))).toBeLessThanOrEqual(2);
      }
    });
  });
}
