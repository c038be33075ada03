import { Client } from 'pg';
import { migrations } from '../../../migrations/list.js';
import { EnvironmentError } from '../config/parse-env.js';

/** How the migrations of this code and those of the database compare. */
export interface SchemaState {
  /** Known here, not run there. */
  pending: string[];
  /** Run there, unknown here: the database belongs to a newer release. */
  unknown: string[];
}

export async function schemaState(url: string): Promise<SchemaState> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ there: boolean }>(
      `select to_regclass('migrations') is not null as there`,
    );
    const { rows } = tables[0]?.there
      ? await client.query<{ name: string }>('select name from migrations order by id')
      : { rows: [] };
    return compareSchema(
      migrations.map((migration) => migration.name),
      rows.map((row) => row.name),
    );
  } finally {
    await client.end();
  }
}

export function compareSchema(ours: readonly string[], theirs: readonly string[]): SchemaState {
  return {
    pending: ours.filter((name) => !theirs.includes(name)),
    unknown: theirs.filter((name) => !ours.includes(name)),
  };
}

/** Code and schema that do not belong together do harm quietly. @throws {EnvironmentError} with one sentence */
export function refuseOtherSchema({ pending, unknown }: SchemaState): void {
  if (unknown.length > 0) {
    throw new EnvironmentError([
      `DATABASE_URL: the database is newer than this release (it has run ${unknown.join(', ')}); start the release that it belongs to`,
    ]);
  }
  if (pending.length > 0) {
    throw new EnvironmentError([
      `DATABASE_MIGRATE: the database is older than this release (${pending.join(', ')} not run yet); run \`signalbox migrate\` first`,
    ]);
  }
}
