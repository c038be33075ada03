import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A fresh, empty database, named after the test file that wants it. */
export async function createTestDatabase(name: string): Promise<TestDatabase> {
  const admin = process.env.SIGNALBOX_TEST_POSTGRES;
  if (!admin) throw new Error('No Postgres for the journeys: run them with "npm run test:journeys".');

  const database = databaseName(name);
  await run(admin, `CREATE DATABASE "${database}"`);
  const url = new URL(admin);
  url.pathname = `/${database}`;
  return { url: url.href, drop: () => run(admin, `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`) };
}

/** For `afterAll`: a database in which a test failed stays, to be looked at. */
export async function dropUnlessFailed(database: TestDatabase): Promise<void> {
  if (!aTestFailed()) return database.drop();
  const { pathname } = new URL(database.url);
  const where = process.env.TEST_DATABASE_URL
    ? 'stays on the server of TEST_DATABASE_URL'
    : 'goes with its server; set TEST_DATABASE_URL to keep such databases';
  process.stderr.write(`A test failed: database ${pathname.slice(1)} ${where}\n`);
}

/** Postgres cuts names after 63 bytes. */
export function databaseName(name: string): string {
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 40);
  return `test_${readable}_${randomBytes(5).toString('hex')}`;
}

interface Block {
  children: (Block | { type: 'test'; errors: unknown[] })[];
  type: 'describeBlock';
}

/** Jest tells a hook nothing about its tests; its runner keeps them below a symbol on the global object. */
function aTestFailed(): boolean {
  const key = Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === 'JEST_STATE_SYMBOL');
  const state: unknown = key && (globalThis as Record<symbol, unknown>)[key];
  if (!state || typeof state !== 'object' || !('rootDescribeBlock' in state)) return false;
  return hasFailed(state.rootDescribeBlock as Block);
}

function hasFailed(block: Block): boolean {
  return block.children.some((child) => (child.type === 'test' ? child.errors.length > 0 : hasFailed(child)));
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
