import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { freePortFrom } from './free-port.js';

describe('a free port', () => {
  it('is another one when the wished one is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const found = await freePortFrom(port);
    await new Promise((resolve) => server.close(resolve));
    expect(found).not.toBe(port);
    expect(found === 0 || (found > port && found < port + 100)).toBe(true);
  });
});
