import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceEnv } from './kernel/config/service.env.js';
import { answers } from './roles.js';

const OPERATIONS = /^\/(health(\/.*)?|metrics)$/;

type Settings = Readonly<Pick<ServiceEnv, 'ROLE' | 'MANAGEMENT_PORT'>>;

/**
 * Whether a route is served behind a port: health and metrics only behind `MANAGEMENT_PORT` where there is one, and
 * nothing else there. A worker serves them and its name, wherever it listens.
 */
export function isServed(route: string, port: number | undefined, { ROLE, MANAGEMENT_PORT }: Settings): boolean {
  const operations = OPERATIONS.test(route);
  if (!answers(ROLE)) return operations || route === '/';
  if (MANAGEMENT_PORT === 0) return true;
  return operations === (port === MANAGEMENT_PORT);
}

/** Where the process listens first: a worker that has a management port needs no other. */
export function mainPort(port: number, { ROLE, MANAGEMENT_PORT }: Settings): number {
  return answers(ROLE) || MANAGEMENT_PORT === 0 ? port : MANAGEMENT_PORT;
}

/** The second door of a process that answers requests; null where one is enough. */
export async function openManagementDoor(
  app: NestFastifyApplication,
  host: string,
  settings: Settings,
): Promise<Server | null> {
  if (settings.MANAGEMENT_PORT === 0 || !answers(settings.ROLE)) return null;
  const fastify = app.getHttpAdapter().getInstance();
  const server = createServer((request, response) => fastify.routing(request, response));
  await new Promise<void>((open, failed) => {
    server.once('error', failed).listen(settings.MANAGEMENT_PORT, host, () => open());
  });
  return server;
}

export async function closeDoor(server: Server | null): Promise<void> {
  if (!server) return;
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  await closed;
}

/** Whoever has not taken his answer by then, as a download that stands still, is cut off: the end is not his to hold up. */
export function cutAfter(ms: number, servers: readonly (Server | null)[]): { cancel(): void } {
  const timer = setTimeout(() => {
    for (const server of servers) server?.closeAllConnections();
  }, ms);
  return { cancel: () => clearTimeout(timer) };
}
