import { Client } from 'pg';

/** Writes events with transactions of its own, as any other process would. */
export class RawEvents {
  private constructor(
    readonly db: Client,
    private readonly teamId: string,
  ) {}

  static async connect(url: string, team = 'default'): Promise<RawEvents> {
    const db = new Client({ connectionString: url });
    await db.connect();
    const { rows } = await db.query<{ id: string }>('select id from teams where name = $1', [team]);
    return new RawEvents(db, rows[0]?.id ?? '');
  }

  /** Ids of the transaction and of the last of these events. */
  async add(data: object = {}, count = 1): Promise<{ tx: string; seq: string }> {
    const { rows } = await this.db.query<{ tx: string; seq: string }>(
      `insert into events (epoch, team_id, type, data, cause)
       select (select max(epoch) from event_epochs), $1, 'diarization.succeeded', $2::jsonb || jsonb_build_object('n', n), '{}'
       from generate_series(1, $3) as n returning tx, seq`,
      [this.teamId, JSON.stringify(data), count],
    );
    return rows.at(-1) ?? { tx: '', seq: '' };
  }

  /** The ids of all announced events of the team, in their order. */
  async ids(): Promise<string[]> {
    const { rows } = await this.db.query<{ id: string }>(
      `select concat_ws('-', epoch, tx, seq) as id from events where team_id = $1 and data is not null
       order by epoch, tx, seq`,
      [this.teamId],
    );
    return rows.map(({ id }) => id);
  }

  async notify(): Promise<void> {
    await this.db.query(`select pg_notify('signalbox_stream', '')`);
  }

  async end(): Promise<void> {
    await this.db.end();
  }
}
