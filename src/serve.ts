import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp, envClasses } from './http-app.js';
import {
  EnvironmentError,
  checkEnvironment,
  keysThatAreSet,
  parseEnv,
  setEnvironment,
} from './kernel/config/parse-env.js';
import { MasterKey } from './kernel/config/master-key.js';
import { refuseUnsafe } from './kernel/config/safety.js';
import { ServiceEnv } from './kernel/config/service.env.js';
import { migrate } from './kernel/database/data-source.js';
import { DatabaseEnv, directUrl } from './kernel/database/database.env.js';
import { startEmbeddedPostgres } from './kernel/database/embedded/embedded-postgres.js';
import { OTHER_KEY, askKeyWitness } from './kernel/database/key-witness.js';
import { refuseOtherSchema, schemaState } from './kernel/database/schema-state.js';
import { FilesEnv } from './kernel/files/files.env.js';
import { S3Env } from './kernel/files/s3/s3.env.js';
import { AppLogger } from './kernel/observability/app-logger.js';
import { RedisEnv } from './kernel/queue/redis.env.js';
import { KeysService } from './kernel/teams/keys.service.js';
import { answers, refuseRole } from './roles.js';
import { startApp, stopApp } from './run.js';
import { startSandbox } from './sandbox/sandbox.js';
import type { Sandbox } from './sandbox/sandbox.js';
import { projectRoot, version } from './version.js';

/** A running service with everything that was started for it. */
export interface Service {
  url: string;
  app: NestFastifyApplication;
  sandbox: Sandbox | null;
  stop(): Promise<void>;
}

type Stop = () => Promise<void>;

/** Starts whatever is missing (Postgres, stand-ins), brings the schema up to date, and serves. */
export async function serve(): Promise<Service> {
  checkEnvironment(envClasses);
  const env = parseEnv(ServiceEnv);
  refuseUnsafe(env);
  refuseRole({ service: env, redis: parseEnv(RedisEnv), files: parseEnv(FilesEnv), s3: parseEnv(S3Env) });
  const logger = new AppLogger(env);
  logger.info('starting', { version, role: env.ROLE, node: process.version, set: keysThatAreSet(envClasses) });
  const stops: Stop[] = [];
  try {
    const port = await choosePort(env);
    await ensureDatabase(env, logger, stops);
    const sandbox = env.SIGNALBOX_SANDBOX ? await useSandbox(env, port, logger, stops) : null;
    await bringSchemaUpToDate(logger);
    await checkMasterKey(env, logger);
    const app = await createHttpApp();
    stops.unshift(() => stopApp(app));
    const url = (await startApp(app, port, env)).replace('0.0.0.0', '127.0.0.1').replace('[::1]', '127.0.0.1');
    await announce(app, logger, url);
    return { url, app, sandbox, stop: () => stopAll(stops) };
  } catch (error) {
    await stopAll(stops).catch(() => undefined);
    throw error;
  }
}

async function stopAll(stops: Stop[]): Promise<void> {
  for (const stop of stops.splice(0)) await stop();
}

/** With `PORT=0` the port is chosen here, because callback addresses need it before anything listens. */
async function choosePort(env: Readonly<ServiceEnv>): Promise<number> {
  if (env.PORT !== 0) return env.PORT;
  return new Promise((found, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, env.HOST, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => found(port));
    });
  });
}

/** The database of the environment, else the one that came with npm. Ends last, after everything that uses it. */
async function ensureDatabase(env: Readonly<ServiceEnv>, logger: AppLogger, stops: Stop[]): Promise<void> {
  if (parseEnv(DatabaseEnv).DATABASE_URL !== '') return;
  if (env.NODE_ENV === 'production') {
    throw new EnvironmentError([
      'DATABASE_URL: required with NODE_ENV=production; the built-in Postgres is for laptops',
    ]);
  }
  const postgres = await startEmbeddedPostgres({
    home: resolve(env.SIGNALBOX_HOME),
    log: (message, details) => logger.info(message, details),
  });
  setEnvironment({ DATABASE_URL: postgres.url });
  stops.push(async () => {
    await postgres.stop();
    setEnvironment({ DATABASE_URL: undefined });
  });
}

/** Stand-ins for the vendors that have no key, and an address at which they reach us. */
async function useSandbox(env: Readonly<ServiceEnv>, port: number, logger: AppLogger, stops: Stop[]): Promise<Sandbox> {
  const sandbox = await startSandbox({
    factor: env.SIGNALBOX_TIME_FACTOR,
    audioDir: join(projectRoot(), 'examples', 'audio'),
  });
  stops.unshift(() => sandbox.stop());
  const { pyannote, fal } = sandbox;
  setMissing({
    PYANNOTEAI_API_KEY: {
      PYANNOTEAI_API_KEY: pyannote.apiKey,
      PYANNOTEAI_BASE_URL: pyannote.baseUrl,
      PYANNOTEAI_WEBHOOK_SECRETS: pyannote.webhookSecret,
    },
    FAL_KEY: {
      FAL_KEY: fal.key,
      FAL_USER_ID: fal.userId,
      FAL_BASE_URL: fal.queueUrl,
      FAL_REST_BASE_URL: fal.restUrl,
      FAL_JWKS_URL: fal.jwksUrl,
    },
    FETCH_ALLOW_CIDRS: { FETCH_ALLOW_CIDRS: '127.0.0.0/8,::1/128' },
    FETCH_ALLOW_HTTP: { FETCH_ALLOW_HTTP: 'true' },
    PUBLIC_URL: { PUBLIC_URL: `http://127.0.0.1:${port}` },
  });
  logger.info('vendors without a key are played by stand-ins', { sandbox: sandbox.url });
  return sandbox;
}

/** Sets a group of variables unless the first-named one is set already. */
function setMissing(groups: Record<string, Record<string, string>>): void {
  const set = new Set(keysThatAreSet(envClasses));
  for (const [name, values] of Object.entries(groups)) if (!set.has(name)) setEnvironment(values);
}

async function bringSchemaUpToDate(logger: AppLogger): Promise<void> {
  const env = parseEnv(DatabaseEnv);
  const url = directUrl(env);
  const ran = env.DATABASE_MIGRATE ? await migrate(url) : [];
  if (ran.length > 0) logger.info('schema brought up to date', { migrations: ran });
  refuseOtherSchema(await schemaState(url));
}

/** A service that cannot open its secrets would fail job by job, and seal more under another key. */
async function checkMasterKey(env: Readonly<ServiceEnv>, logger: AppLogger): Promise<void> {
  const testimony = await askKeyWitness(directUrl(parseEnv(DatabaseEnv)), new MasterKey(env));
  if (testimony !== 'stranger') return logger.info('master key checked', { testimony });
  if (env.NODE_ENV === 'production') throw new EnvironmentError([OTHER_KEY]);
  logger.warn(OTHER_KEY);
}

async function announce(app: NestFastifyApplication, logger: AppLogger, url: string): Promise<void> {
  const env = parseEnv(ServiceEnv);
  if (!answers(env.ROLE)) return logger.info('working', { url, health: `${url}/health` });
  logger.info('serving', { url, docs: `${url}/docs` });
  if (env.PUBLIC_URL === '') logger.warn('PUBLIC_URL is not set: vendors cannot call, jobs are settled by asking only');
  if (await app.get(KeysService).isEmpty()) logger.warn('there is no API key yet: signalbox keys create --name first');
}
