import type { AddressInfo } from 'node:net';
import { createHttpApp } from '../../src/http-app.js';
import { AppLogger } from '../../src/kernel/observability/app-logger.js';
import { contend } from './contender.js';

/**
 * `signalbox serve` with its doorbell held: the whole application with all that a request passes, as `serve` makes it;
 * only the queues are not opened and the sweep is not started, so that notices are kept and not yet worked on.
 */
contend(async () => {
  const app = await createHttpApp();
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    port,
    stop: async () => {
      await app.close();
      await app.get(AppLogger).flush();
    },
  };
});
