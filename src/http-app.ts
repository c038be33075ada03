import 'reflect-metadata';
import { NotFoundException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import type { IncomingMessage } from 'node:http';
import { destinations } from './destinations/enabled.js';
import { isServed } from './doors.js';
import { domains } from './domains/enabled.js';
import { armCrashPoint } from './kernel/config/crash-point.js';
import { checkEnvironment, parseEnv } from './kernel/config/parse-env.js';
import { refuseUnsafe } from './kernel/config/safety.js';
import { ServiceEnv } from './kernel/config/service.env.js';
import { DatabaseEnv } from './kernel/database/database.env.js';
import { FilesEnv } from './kernel/files/files.env.js';
import { S3Env } from './kernel/files/s3/s3.env.js';
import { Readiness } from './kernel/health/readiness.js';
import { HttpEnv } from './kernel/http/http.env.js';
import { ProblemFilter } from './kernel/http/problem.filter.js';
import { useRawBodies } from './kernel/http/raw-body.js';
import { requestIds } from './kernel/http/request-id.js';
import { validationPipe } from './kernel/http/validation.js';
import { ResultsEnv } from './kernel/jobs/results/results.env.js';
import { AppLogger } from './kernel/observability/app-logger.js';
import { RequestLog } from './kernel/observability/request-log.js';
import type { SeenRequest } from './kernel/observability/request-log.js';
import { RedisEnv } from './kernel/queue/redis.env.js';
import { RateLimitEnv } from './kernel/teams/rate-limit.env.js';
import { RefusalGate } from './kernel/webhooks/refusal-gate.js';
import { SourceRegistry } from './kernel/webhooks/source-registry.js';
import { serveOpenApi } from './openapi.js';
import { answers, refuseRole } from './roles.js';
import { SignalboxModule } from './signalbox.module.js';

/** Every class of variables there is, for one check of the whole environment and for `.env.example`. */
export const envClasses = [
  ServiceEnv,
  DatabaseEnv,
  RedisEnv,
  HttpEnv,
  RateLimitEnv,
  FilesEnv,
  S3Env,
  ResultsEnv,
  ...domains.flatMap((domain) => [...domain.env]),
  ...destinations.flatMap((destination) => [...destination.env]),
] as const;

/** `true`, `false`, a number of hops, or addresses and CIDRs. */
function trustProxy(setting: string): boolean | string[] | ((address: string, hop: number) => boolean) {
  if (/^(true|false)$/i.test(setting)) return setting.toLowerCase() === 'true';
  if (/^\d+$/.test(setting)) return (_address, hop) => hop < Number(setting);
  return setting.split(/[\s,]+/);
}

/**
 * The whole service on Fastify, not listening yet. The environment has to name a database whose schema is up to date.
 * @throws {EnvironmentError} naming every bad variable
 */
export async function createHttpApp(): Promise<NestFastifyApplication> {
  checkEnvironment(envClasses);
  const env = parseEnv(ServiceEnv);
  const http = parseEnv(HttpEnv);
  refuseUnsafe(env);
  refuseRole({ service: env, redis: parseEnv(RedisEnv), files: parseEnv(FilesEnv), s3: parseEnv(S3Env) });
  armCrashPoint(env.SIGNALBOX_CRASH_AT);
  let sources: SourceRegistry | null = null;
  const adapter = new FastifyAdapter({
    bodyLimit: http.BODY_LIMIT,
    trustProxy: trustProxy(env.TRUST_PROXY),
    genReqId: requestIds(),
    rewriteUrl: (request: IncomingMessage) => sources?.rewrite(request.url ?? '/') ?? request.url ?? '/',
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      refuseUnread(app, error, request, reply),
  });
  const app = await NestFactory.create<NestFastifyApplication>(SignalboxModule.for(env.ROLE), adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(AppLogger));
  sources = app.get(SourceRegistry);
  useHooks(app, http.BODY_LIMIT, env);
  app.useGlobalPipes(validationPipe());
  if (answers(env.ROLE)) serveOpenApi(app);
  return app;
}

/** Addresses that the router cannot even read come past all hooks and filters. */
function refuseUnread(app: NestFastifyApplication, error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('X-Request-Id', request.id);
  app.get(ProblemFilter).answer(error, request, reply);
  app.get(RequestLog).record(request, reply, reply.statusCode);
}

function useHooks(app: NestFastifyApplication, bodyLimit: number, env: Readonly<ServiceEnv>): void {
  const fastify = app.getHttpAdapter().getInstance();
  const log = app.get(RequestLog);
  const gate = app.get(RefusalGate);
  useRawBodies(fastify, bodyLimit);
  // Helmet is for browsers, and costs an inbound notice as much as its signature: only where a browser looks. Not by
  // Fastify's plugin, whose hooks run for every route, also for those that it leaves alone.
  const forBrowsers = helmet({ contentSecurityPolicy: false });
  fastify.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/docs')) return;
    const hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) =>
      forBrowsers(request.raw, reply.raw, (error) => done(error as Error | undefined));
    route.onRequest = [route.onRequest ?? [], hook].flat();
  });
  fastify.addHook('onRequest', (request: SeenRequest, reply, done) => {
    void reply.header('X-Request-Id', request.id);
    try {
      const { url: route } = request.routeOptions;
      if (route !== undefined && !isServed(route, request.socket.localPort, env)) {
        throw new NotFoundException(`Cannot ${request.method} ${request.url}`);
      }
      gate.check(request);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  const readiness = app.get(Readiness);
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    // A connection that is kept after its last answer would hold up the end by a minute.
    if (readiness.current === 'stopping') void reply.header('Connection', 'close');
    done(null, payload);
  });
  // Interceptors never see what guards, parsers and the router refuse; this does.
  fastify.addHook('onResponse', (request: SeenRequest, reply: FastifyReply, done) => {
    log.record(request, reply, reply.statusCode);
    done();
  });
}
