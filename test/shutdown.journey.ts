import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { World } from './harness/service.js';

/** 1.5 MB each; together more than two sockets hold between them, however far the system lets them grow. */
const BIG = '/docs/swagger-ui-bundle.js';
const TIMES = 30;

describe('The end of the service', () => {
  let world: World;
  let reader: Socket;

  beforeAll(async () => {
    world = await (await World.create('shutdown', { env: { SHUTDOWN_GRACE: '1' } })).start();
  });

  afterAll(async () => {
    reader.destroy();
    await world.end();
  });

  it('is not held up for ever by a reader that stands still', async () => {
    const { port, hostname } = new URL(world.url);
    reader = connect(Number(port), hostname);
    const cut = new Promise<boolean>((done) => reader.once('close', () => done(true)));
    reader.on('error', () => undefined);
    reader.write(`GET ${BIG} HTTP/1.1\r\nHost: signalbox\r\n\r\n`.repeat(TIMES));
    await new Promise((begun) => reader.once('readable', () => begun(undefined)));
    expect(String(reader.read(12))).toBe('HTTP/1.1 200');
    await world.stop();
    reader.resume();
    expect(await cut).toBe(true);
  });
});
