// A Signalbox reduced to its database, for tests that kill it: `node -r ./run-ts.cjs embedded-process.ts <home> [leave]`.
// It tells what happens as lines of JSON. It stops at "stop" on its input or at Ctrl-C; with `leave` it ends without.
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/kernel/database/embedded/embedded-postgres.js';

const [, , home = '', leave] = process.argv;
const tell = (event: object): boolean => process.stdout.write(`${JSON.stringify(event)}\n`);

async function main(): Promise<void> {
  const messages: string[] = [];
  const server = await startEmbeddedPostgres({ home, durable: false, log: (message) => messages.push(message) });
  const { url, dataDir, pid, adopted } = server;
  const told = { url, dataDir, pid, adopted, messages };
  if (leave) return void tell(told);

  const end = async (): Promise<void> => {
    // As an application that still has to write down what it was doing.
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
    await server.stop();
    tell({ stopped: true });
    process.stdin.destroy();
  };
  process.once('SIGINT', () => void end());
  process.stdin.once('data', () => void end());
  tell(told);
}

main().catch((error: unknown) =>
  tell({ error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' }),
);
