import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { closeDoor, cutAfter, mainPort, openManagementDoor } from './doors.js';
import { SECOND } from './kernel/config/pace.js';
import { ServiceEnv } from './kernel/config/service.env.js';
import { Readiness } from './kernel/health/readiness.js';
import { AppLogger } from './kernel/observability/app-logger.js';
import { OpenStreams } from './kernel/notifications/stream/open-streams.js';
import { Doorbell } from './kernel/queue/doorbell.js';
import { Sweep } from './kernel/queue/sweep.js';
import { works } from './roles.js';

const doors = new WeakMap<NestFastifyApplication, Server | null>();

/** Listens and begins to work. Returns the address. */
export async function startApp(app: NestFastifyApplication, port: number, env: Readonly<ServiceEnv>): Promise<string> {
  await app.listen(mainPort(port, env), env.HOST);
  doors.set(app, await openManagementDoor(app, env.HOST, env));
  if (works(env.ROLE)) {
    app.get(Doorbell).open();
    app.get(Sweep).start();
  }
  app.get(Readiness).started();
  return app.getUrl();
}

/**
 * Not ready, takes no more work, finishes what is in hand or leaves it to its lease, answers what is being asked, flushes.
 * Not by `enableShutdownHooks`: that raises the signal again, and a clean stop would exit with 143.
 */
export async function stopApp(app: NestFastifyApplication): Promise<void> {
  const logger = app.get(AppLogger);
  const grace = app.get(ServiceEnv).SHUTDOWN_GRACE * SECOND;
  const door = doors.get(app) ?? null;
  app.get(Readiness).stopping();
  app.get(OpenStreams).end();
  const cut = cutAfter(grace, [app.getHttpServer(), door]);
  await app.get(Sweep).stop();
  await app.get(Doorbell).close(grace);
  await closeDoor(door);
  await app.close();
  cut.cancel();
  await logger.flush();
}
