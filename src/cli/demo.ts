import { join } from 'node:path';
import type { Command } from 'commander';
import { setEnvironment } from '../kernel/config/parse-env.js';
import type { Service } from '../serve.js';
import { takeTour } from './tour.js';
import type { TourReceiver } from './tour-receiver.js';
import { freePortFrom } from './free-port.js';
import { runUntilStopped } from './until-stopped.js';

/** Twenty times as fast as life: a minute passes in three seconds. */
const FACTOR = '0.05';

/** The service and the server that it tells of its jobs. */
interface Demo {
  service: Service;
  receiver: TourReceiver;
  stop(): Promise<void>;
}

async function startDemo(port: string | undefined): Promise<Demo> {
  setEnvironment({
    SIGNALBOX_SANDBOX: 'true',
    SIGNALBOX_TIME_FACTOR: FACTOR,
    SIGNALBOX_HOME: join('.signalbox', 'demo'),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    HOST: process.env.HOST ?? '127.0.0.1',
    PORT: String(port ?? (await freePortFrom(8000))),
  });
  const { serve } = await import('../serve.js');
  const { TourReceiver } = await import('./tour-receiver.js');
  const receiver = await TourReceiver.start();
  const service = await serve();
  // The receiver last: what is on its way comes.
  return { service, receiver, stop: () => service.stop().then(() => receiver.stop()) };
}

async function show({ service, receiver }: Demo): Promise<void> {
  const { KeysService } = await import('../kernel/teams/keys.service.js');
  const scopes = ['jobs:read', 'jobs:write', 'files:write', 'endpoints:write', 'operate'] as const;
  const { key } = await service.app.get(KeysService).create({ name: 'demo', actor: 'cli', scopes: [...scopes] });
  const print = (line: string) => console.log(line);
  await takeTour({ url: service.url, key, sandboxUrl: service.sandbox?.url ?? '', print }, receiver);
}

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'start everything, take a job through it, be told of it, lose a notice and see it repaired, name two voices, train a portrait; serves until Ctrl-C',
    )
    .option('--port <port>', 'where (default: 8000, or the next free one)')
    .option('--exit', 'end after the tour')
    .action((options: { port?: string; exit?: boolean }) =>
      runUntilStopped(async (began) => {
        console.log('Starting Postgres, the vendors’ stand-ins and Signalbox …');
        const demo = await startDemo(options.port);
        began(demo);
        try {
          await show(demo);
        } catch (error) {
          await demo.stop();
          throw error;
        }
        if (options.exit) {
          await demo.stop();
          process.exit(0);
        }
        console.log('\nServing until Ctrl-C.');
        return demo;
      }),
    );
}
