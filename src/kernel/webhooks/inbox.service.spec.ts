import { createHash } from 'node:crypto';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import type { Transaction } from '../database/database.js';
import { InboxPort } from '../jobs/inbox-port.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import type { Doorbell } from '../queue/doorbell.js';
import { timeOfId } from './delivery-key.js';
import type { Identity, InboundSource, Notice } from './inbound-source.js';
import type { InboxRepeats, Repeat } from './inbox-repeats.js';
import type { InboxRow, InboxWriter } from './inbox-writer.js';
import { InboxService } from './inbox.service.js';

const body = Buffer.from('{"id":1}');
const sha = createHash('sha256').update(body).digest();

const notice: Notice = {
  source: 'acme-relay',
  headers: { 'x-token': 'hush', 'x-other': 'seen' },
  body,
  receivedAt: new Date(),
  callback: { jobId: 'j', kind: 'diarization', teamId: 't' },
  address: '203.0.113.7',
};

function sourceSaying(identify: () => Identity | null): InboundSource {
  return {
    name: 'acme-relay',
    provider: 'acme',
    paths: [],
    secretHeaders: ['x-token'],
    missingKeys: () => [],
    verify: () => undefined,
    identify,
  };
}

/** An inbox whose writer says that, and everything that it did. */
function inbox(written: boolean | Error = true, repeat: Partial<Repeat> = {}) {
  const rows: InboxRow[] = [];
  const rung: [string, string | undefined][] = [];
  const lines: string[] = [];
  const add = (row: InboxRow) => {
    rows.push(row);
    return written instanceof Error ? Promise.reject(written) : Promise.resolve(written);
  };
  const count = () => Promise.resolve({ deliveryId: 'first', ring: false, conflicting: false, ...repeat });
  const ring = (queue: string, row?: string) => void rung.push([queue, row]);
  const logger = new AppLogger(parseEnv(ServiceEnv, {}), { write: (line) => void lines.push(line) });
  const metrics = new KernelMetrics();
  const service = new InboxService(
    { add } as unknown as InboxWriter,
    { count } as unknown as InboxRepeats,
    { ring } as unknown as Doorbell,
    new InboxPort(),
    metrics,
    logger,
  );
  const accept = (identity: Identity | null | Error = { deliveryId: 'EV_1', refs: ['r'] }) =>
    service.accept(
      sourceSaying(() => {
        if (identity instanceof Error) throw identity;
        return identity;
      }),
      notice,
    );
  return { accept, rows, rung, lines, metrics };
}

describe('a verified notice', () => {
  it('is kept with everything that is known of it, scrubbed', async () => {
    const { accept, rows } = inbox();
    const retry = { number: '2', reason: 'timeout' };
    const receipt = await accept({ deliveryId: 'EV_1', refs: ['r', 'x\0'], retry });
    const [row] = rows;
    expect(receipt).toEqual({ deliveryId: row?.id, duplicate: false });
    expect(row).toMatchObject({
      source: 'acme-relay',
      provider: 'acme',
      deliveryId: 'EV_1',
      callbackJob: 'j',
      address: '203.0.113.7',
      body,
      bodySha: sha,
      retryNumber: '2',
      retryReason: 'timeout',
    });
    expect(row?.receivedAt).toBe(timeOfId(row?.id ?? ''));
    expect(JSON.parse(row?.refs ?? '')).toEqual(['r', expect.stringMatching(/^sha256:/)]);
    expect(row?.headers).not.toContain('hush');
  });

  it('is rung for once it is committed, at the queue of its provider', async () => {
    const { accept, rung } = inbox();
    const { deliveryId } = await accept();
    expect(rung).toEqual([['process:acme', deliveryId]]);
  });

  it.each<[string, Identity | null | Error]>([
    ['that its source does not know', null],
    ['on which its source stumbles', new TypeError('x of undefined')],
  ])('%s is kept by its body’s hash', async (_, identity) => {
    const { accept, rows, rung } = inbox();
    await accept(identity);
    expect(rows[0]).toMatchObject({ deliveryId: sha.toString('hex'), refs: '[]', retryNumber: null });
    expect(rung).toHaveLength(1);
  });

  it('on which its source stumbles is logged', async () => {
    const { accept, lines } = inbox();
    await accept(new TypeError('x of undefined'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('identify failed on a verified notice');
  });

  it('with an id that no column takes is kept by the hash of the id', async () => {
    const { accept, rows } = inbox();
    await accept({ deliveryId: 'a\0b', refs: [] });
    expect(rows[0]?.deliveryId).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('a notice that came before', () => {
  it('is a duplicate of the first, and not rung for when that was applied', async () => {
    const { accept, rung } = inbox(false);
    expect(await accept()).toEqual({ deliveryId: 'first', duplicate: true });
    expect(rung).toEqual([]);
  });

  it('is rung for when the first came to nothing', async () => {
    const { accept, rung } = inbox(false, { ring: true });
    await accept();
    expect(rung).toEqual([['process:acme', 'first']]);
  });

  it('with another body is counted as conflicting', async () => {
    const { accept, rung, metrics } = inbox(false, { conflicting: true, deliveryId: 'own' });
    expect(await accept()).toEqual({ deliveryId: 'own', duplicate: true });
    const { values } = await metrics.deliveriesProcessed.get();
    expect(values[0]).toMatchObject({ labels: { source: 'acme-relay', outcome: 'conflicting' }, value: 1 });
    expect(rung).toEqual([]);
  });
});

describe('a notice that could not be kept', () => {
  it.each([
    ['the database is away', 'ECONNREFUSED', 0],
    ['something is wrong with it', '22P05', 1],
  ])('because %s is 503 for the vendor and %s is never acked', async (_, code, logged) => {
    const { accept, rung, lines } = inbox(Object.assign(new Error('hush'), { code }));
    const error: unknown = await accept().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 503, detail: 'the notice could not be kept; send it again' });
    expect(rung).toEqual([]);
    expect(lines).toHaveLength(logged);
  });
});

describe('the port to the inbox', () => {
  const tx = {} as Transaction;
  const job = { id: 'j', provider: 'acme', externalId: null };

  it('fails loudly where nobody filled it, and where it is filled twice', () => {
    const port = new InboxPort();
    expect(() => port.inboxOf(tx, job)).toThrow('the inbox port is not filled');
    port.fill({ inboxOf: () => Promise.resolve({ any: true, open: false }) });
    expect(() => port.fill({ inboxOf: () => Promise.resolve({ any: true, open: false }) })).toThrow('filled twice');
  });

  it('leads to who filled it', async () => {
    const port = new InboxPort();
    port.fill({ inboxOf: (_tx, { id }) => Promise.resolve({ any: id === 'j', open: false }) });
    expect(await port.inboxOf(tx, job)).toEqual({ any: true, open: false });
  });
});
