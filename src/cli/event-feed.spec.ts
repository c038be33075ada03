import { EventFeed } from './event-feed.js';
import type { FeedTimings } from './event-feed.js';
import { StreamServer, begin, event, problem } from './testing/stream-server.js';
import type { Stream } from './testing/stream-server.js';

describe('The feed of events', () => {
  let server: StreamServer;
  const servers: StreamServer[] = [];
  let told: string[];
  let stop: AbortController;

  beforeEach(() => {
    told = [];
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    for (const one of servers.splice(0)) await one.stop();
  });

  async function feed(stream: Stream, timings: Partial<FeedTimings> = {}): Promise<EventFeed> {
    server = await StreamServer.start(stream);
    servers.push(server);
    const service = { url: server.url, key: 'sbx_x', signal: stop.signal };
    return new EventFeed(service, '/v1/stream?types=*', (line) => told.push(line), { firstRetry: 20, ...timings });
  }

  /** The ids until there are so many, or no more. */
  async function ids(of: EventFeed, most = Infinity): Promise<string[]> {
    const seen: string[] = [];
    for await (const { id } of of.events()) if (seen.push(id) >= most) break;
    return seen;
  }

  it('brings each event with its body, and ends when the service says that nothing comes any more', async () => {
    const line = await feed((response, _visit, nth) =>
      nth === 1
        ? begin(response, `: connected\n\n${event('1')}${event('2', 'call.failed')}`).end()
        : response.writeHead(204).end(),
    );
    const seen = [];
    for await (const one of line.events()) seen.push(one);
    expect(seen.map(({ id, type }) => [id, type])).toEqual([
      ['1', 'diarization.succeeded'],
      ['2', 'call.failed'],
    ]);
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ data: { job: { id: 'job-1' } } });
    expect(server.visits[0]).toMatchObject({
      path: '/v1/stream?types=*',
      headers: { accept: 'text/event-stream', authorization: 'Bearer sbx_x' },
    });
    expect(server.visits.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
  });

  it('goes on after the last event however the connection ends, without gap or repeat', async () => {
    const all = ['1', '2', '3', '4', '5', '6'];
    const line = await feed((response, { headers }, nth) => {
      if (nth === 2) return problem(response, 503, 'starting');
      if (nth === 4) return void response.destroy();
      const from = Number(headers['last-event-id'] ?? 0);
      begin(
        response,
        all
          .slice(from, from + 2)
          .map((id) => event(id))
          .join(''),
      );
      // In the middle of the next one.
      response.write(event(String(from + 3)).slice(0, 40), () => (nth % 2 ? response.end() : response.destroy()));
    });
    expect(await ids(line, 6)).toEqual(all);
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^the stream has ended; again in \d\.\d s$/),
        expect.stringMatching(/^the service says 503: starting; again in /),
        expect.stringMatching(/^nothing answers at \S+ \(\w+\); again in /),
        'connected again',
      ]),
    );
  });

  it('comes back to the place that a block without an event has moved it to', async () => {
    const line = await feed((response, _visit, nth) =>
      nth === 1 ? begin(response, ': connected\nid: 7\n\n').end() : begin(response, event('8')),
    );
    expect(await ids(line, 1)).toEqual(['8']);
    expect(server.visits[1]?.headers['last-event-id']).toBe('7');
  });

  it('brings what had come before the connection broke, and goes on after that', async () => {
    const line = await feed((response, _visit, nth) =>
      nth === 1
        ? void begin(response, event('1') + event('2')).write('', () => response.destroy())
        : response.writeHead(204).end(),
    );
    const seen: string[] = [];
    for await (const { id } of line.events()) {
      seen.push(id);
      // By now the connection is gone.
      await new Promise((later) => setTimeout(later, 20));
    }
    expect(seen).toEqual(['1', '2']);
    expect(server.visits[1]?.headers['last-event-id']).toBe('2');
  });

  it('gives a silent connection up, and takes comments for signs of life', async () => {
    const line = await feed(
      (response, _visit, nth) => {
        begin(response, nth === 1 ? '' : event('1'));
        if (nth === 2) {
          const timer = setInterval(() => response.write(':\n\n'), 40);
          setTimeout(() => response.write(event('2')), 400);
          response.on('close', () => clearInterval(timer));
        }
      },
      { silence: 200 },
    );
    expect(await ids(line, 2)).toEqual(['1', '2']);
    expect(server.visits).toHaveLength(2);
    expect(told[0]).toMatch(/^nothing came for 0\.2 s; again in /);
  });

  it('does not count the time that somebody takes over an event as silence', async () => {
    const line = await feed((response) => begin(response, event('1') + event('2')), { silence: 100 });
    for await (const { id } of line.events()) {
      if (id === '2') break;
      await new Promise((later) => setTimeout(later, 250));
    }
    expect(server.visits).toHaveLength(1);
  });

  it('waits longer with every failure, and as long as the service asks for', async () => {
    const waits: number[] = [];
    let before = Date.now();
    const line = await feed((response, _visit, nth) => {
      waits.push(Date.now() - before);
      before = Date.now();
      if (nth === 1) return void begin(response).end();
      if (nth === 6) return problem(response, 429, 'too many', { 'retry-after': '1' });
      return nth < 7 ? problem(response, 503, 'away') : void response.writeHead(204).end();
    });
    await ids(line);
    expect(waits[1]).toBeGreaterThanOrEqual(9);
    expect(waits[4] ?? 0).toBeGreaterThanOrEqual(79);
    expect(waits[6] ?? 0).toBeGreaterThanOrEqual(990);
  });

  it('says where there is a gap', async () => {
    const line = await feed((response) =>
      begin(response, `id: 9\nevent: reset\ndata: {"reason":"old"}\n\n${event('10')}`),
    );
    expect(await ids(line, 1)).toEqual(['10']);
    expect(told).toEqual([expect.stringMatching(/^there is a gap here/)]);
  });

  it.each([
    [401, 'no', /^the service does not take this key/],
    [403, 'this key lacks the scope jobs:read', 'the service says 403: this key lacks the scope jobs:read'],
    [400, 'types: *.x is never announced', 'the service says 400: types: *.x is never announced'],
  ])('ends with a sentence at %d, also when it comes late', async (status, detail, sentence) => {
    const line = await feed((response, _visit, nth) =>
      nth === 1 ? void begin(response).end() : problem(response, status, detail),
    );
    await expect(ids(line)).rejects.toThrow(sentence);
    const first = await feed((response) => problem(response, status, detail));
    await expect(ids(first)).rejects.toThrow(sentence);
  });

  it('ends with a sentence where nobody is, or somebody else', async () => {
    const other = await feed((response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    await expect(ids(other)).rejects.toThrow('has no stream of events; is it a Signalbox?');
    const { url } = server;
    await server.stop();
    const nobody = new EventFeed({ url, key: 'x', signal: stop.signal }, '/', () => undefined);
    await expect(ids(nobody)).rejects.toThrow(
      `nothing answers at ${url} (ECONNREFUSED); is the service running there?`,
    );
  });

  it('ends at once when it is told to, in the middle of a wait as well', async () => {
    const open = await feed((response) => begin(response, event('1')));
    for await (const one of open.events()) stop.abort(one);
    stop = new AbortController();
    const waiting = await feed((response) => void begin(response).end(), { firstRetry: 60_000 });
    server.stream = (response) => void begin(response, 'retry: 60000\n\n').end();
    const ended = ids(waiting);
    while (told.length === 0) await new Promise((later) => setTimeout(later, 5));
    stop.abort();
    expect(await ended).toEqual([]);
  });
});
