import { Webhook } from 'standardwebhooks';
import { Forwarder, messageId } from './forwarder.js';
import { StreamServer } from './testing/stream-server.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw9cN6WkBZ1sE=';
const EVENT = { id: '1-4725-103', type: 'diarization.succeeded', body: '{"type":"diarization.succeeded","data":{}}' };

describe('What is sent on', () => {
  let server: StreamServer;
  let told: string[];
  const stop = new AbortController();

  beforeEach(async () => {
    server = await StreamServer.start();
    told = [];
  });
  afterEach(() => server.stop());

  const forwarder = (signal: AbortSignal = stop.signal, waits = [10, 20, 30]) =>
    new Forwarder(`${server.url}/hook`, SECRET, signal, (line) => told.push(line), waits);

  it('is verified by the package that receivers use, under an id of the event', async () => {
    server.stream = (response) => void response.writeHead(204).end();
    expect(await forwarder().send(EVENT)).toMatchObject({ status: 204 });
    const [visit] = server.visits;
    expect(visit).toMatchObject({
      path: '/hook',
      headers: { 'webhook-id': 'evt_1-4725-103', 'content-type': 'application/json' },
    });
    expect(new Webhook(SECRET).verify(EVENT.body, visit?.headers as Record<string, string>)).toMatchObject({
      type: EVENT.type,
    });
    expect(told).toEqual([]);
  });

  it('is tried three times more under the same id, and then given up', async () => {
    server.stream = (response, _visit, nth) =>
      void (nth === 2 ? response.destroy() : response.writeHead(500).end('no\u0007'));
    expect(await forwarder().send(EVENT)).toMatchObject({ status: 500, text: 'no\u{FFFD}' });
    expect(server.visits.map(({ headers }) => headers['webhook-id'])).toEqual(Array(4).fill('evt_1-4725-103'));
    expect(told).toEqual([
      expect.stringMatching(/\/hook: 500 in \d+ ms; again in 0\.01 s$/),
      expect.stringMatching(/\/hook: nobody answers \(\w+\); again in 0\.02 s$/),
      expect.stringMatching(/\/hook: 500 in \d+ ms; again in 0\.03 s$/),
    ]);
  });

  it('follows no redirect', async () => {
    server.stream = (response) => void response.writeHead(302, { location: '/elsewhere' }).end();
    expect(await forwarder(stop.signal, []).send(EVENT)).toMatchObject({ status: 302 });
    expect(server.visits).toHaveLength(1);
  });

  it('is given up at once when somebody wants no more', async () => {
    const enough = new AbortController();
    server.stream = () => enough.abort();
    expect(await forwarder(enough.signal, [60_000]).send(EVENT)).toMatchObject({ status: null });
    expect(server.visits).toHaveLength(1);
  });

  it('has an id that a header can carry, whatever the event’s own is', () => {
    const odd = messageId('a b.\n', 'x');
    expect(odd).toMatch(/^evt_[\w-]{43}$/);
    expect(messageId('a b.\n', 'x')).toBe(odd);
    expect(new Set([odd, messageId('', 'x'), messageId('', 'y'), messageId('x'.repeat(101), '')]).size).toBe(4);
  });
});
