import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { audioRoutes } from './audio.routes.js';
import { faultRoutes } from './faults/fault.routes.js';
import { FaultStore } from './faults/fault-store.js';
import { PREFIX } from './fal/addresses.js';
import { createFal, type FalOptions } from './fal/fal.js';
import { createPyannote, type PyannoteOptions } from './pyannote/pyannote.js';
import { SandboxRecord } from './record.js';
import { recordRoutes } from './record.routes.js';
import { Timers } from './timers.js';

export interface SandboxOptions {
  /** 127.0.0.1 unless told: the admin routes ask for no key. */
  host?: string;
  /** 0, the default, takes any free one. */
  port?: number;
  /** Every interval of every vendor is multiplied by it: 0.01 makes a minute of waiting last 0.6 s. Default 1. */
  factor?: number;
  /** Recordings served at /sandbox/audio/<file>. */
  audioDir?: string;
  pyannote?: PyannoteOptions;
  fal?: FalOptions;
}

export interface Sandbox {
  url: string;
  pyannote: { baseUrl: string; apiKey: string; webhookSecret: string };
  fal: FalPlace;
  stop(): Promise<void>;
}

/** Where the vendor's hosts are played, and who asks them. */
export interface FalPlace {
  key: string;
  userId: string;
  queueUrl: string;
  restUrl: string;
  jwksUrl: string;
  /** An archive to train with. */
  imagesUrl: string;
}

const LARGEST_JSON = 8 * 1024 * 1024;

/** Stand-ins for vendors on a real socket, with admin routes under /sandbox to make them misbehave. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0, factor = 1 } = options;
  if (!(factor > 0)) throw new Error(`the factor of the sandbox must be above 0, not ${factor}`);
  const timers = new Timers(factor);
  const faults = new FaultStore();
  const record = new SandboxRecord();
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  const rooms = { record, faults, timers, folder };
  const pyannote = createPyannote(options.pyannote ?? {}, rooms);
  const fal = createFal(options.fal ?? {}, rooms);

  const app = Fastify({ bodyLimit: LARGEST_JSON, forceCloseConnections: true });
  void app.register(
    (admin, _options, done) => {
      audioRoutes(admin, options.audioDir);
      faultRoutes(admin, faults);
      recordRoutes(admin, record);
      pyannote.mountAdmin(admin);
      fal.mountAdmin(admin);
      done();
    },
    { prefix: '/sandbox' },
  );
  void app.register(
    (vendor, _options, done) => {
      pyannote.mount(vendor);
      done();
    },
    { prefix: '/pyannote' },
  );
  void app.register(
    (vendor, _options, done) => {
      fal.mount(vendor);
      done();
    },
    { prefix: PREFIX },
  );

  async function stop(): Promise<void> {
    timers.stop();
    pyannote.stop();
    fal.stop();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await app.listen({ host, port });
  } catch (error) {
    await stop();
    throw error;
  }
  const address = app.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const url = `http://${reachable(host)}:${actualPort}`;
  const { apiKey, webhookSecret } = pyannote;
  return {
    url,
    pyannote: { baseUrl: `${url}/pyannote`, apiKey, webhookSecret },
    fal: falPlace(url, fal),
    stop,
  };
}

function falPlace(url: string, { key, userId }: Pick<FalPlace, 'key' | 'userId'>): FalPlace {
  const base = `${url}${PREFIX}`;
  const jwksUrl = `${base}/.well-known/jwks.json`;
  return { key, userId, queueUrl: `${base}/queue`, restUrl: base, jwksUrl, imagesUrl: `${url}/sandbox/fal/images.zip` };
}

/** Where somebody on this machine finds a server that listens on `host`. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
