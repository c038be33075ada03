import { Writable } from 'node:stream';
import { Pace } from '../../../kernel/config/pace.js';
import { ServiceEnv } from '../../../kernel/config/service.env.js';
import { HttpEnv } from '../../../kernel/http/http.env.js';
import { AppLogger } from '../../../kernel/observability/app-logger.js';
import { KernelMetrics } from '../../../kernel/observability/kernel-metrics.js';
import { FalEnv } from '../fal.env.js';
import { FalPut } from '../fal.put.js';
import { FalStorage } from '../fal.storage.js';

export const KEY = 'id:very-secret';

/** The storage's client, as the service would make it. */
export function storageAt(base: string) {
  const [env, service, metrics] = [new FalEnv(), new ServiceEnv(), new KernelMetrics()];
  Object.assign(env, { FAL_KEY: KEY, FAL_REST_BASE_URL: base });
  Object.assign(service, { LOG_LEVEL: 'debug' });
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const pace = new Pace(service);
  const storage = new FalStorage(env, new FalPut(pace, new HttpEnv()), metrics, new AppLogger(service, destination));
  return { storage, pace, lines, metrics };
}
