import type { Transaction } from '../database/database.js';
import { RowUpdate } from './row-update.js';

/** A transaction that remembers the statement and says how many rows there were. */
function transaction(rows = 1) {
  const ran: { sql: string; parameters: readonly unknown[] }[] = [];
  const execute = (sql: string, parameters: readonly unknown[]) => {
    ran.push({ sql, parameters });
    return Promise.resolve(rows);
  };
  return { tx: { execute } as unknown as Transaction, ran };
}

const ALWAYS = 'version = version + 1, updated_at = now()';

describe('an update of one job', () => {
  it('names the states that it accepts and the attempt that it belongs to', async () => {
    const { tx, ran } = transaction();
    const update = new RowUpdate().value('status', 'running').json('facts', { a: 1 }).raw('checks = checks + 1');
    update.at('check_at', 60_000).at('submit_at', null);
    await update.run(tx, 'j', { from: ['submitting', 'unconfirmed'], attempt: 3 });
    expect(ran).toEqual([
      {
        sql:
          `update jobs set status = $1, facts = $2, checks = checks + 1, ` +
          `check_at = now() + $3 * interval '1 millisecond', submit_at = null, ${ALWAYS} ` +
          `where id = $4 and status = any($5) and attempt = $6`,
        parameters: ['running', '{"a":1}', 60_000, 'j', ['submitting', 'unconfirmed'], 3],
      },
    ]);
  });

  it('holds in any state and at any attempt where none is named', async () => {
    const { tx, ran } = transaction();
    await new RowUpdate().value('phase', 'ringing').run(tx, 'j');
    expect(ran).toEqual([{ sql: `update jobs set phase = $1, ${ALWAYS} where id = $2`, parameters: ['ringing', 'j'] }]);
  });

  it('takes the first attempt, which is 0, for an attempt', async () => {
    const { tx, ran } = transaction();
    await new RowUpdate().value('phase', 'x').run(tx, 'j', { attempt: 0 });
    expect(ran[0]?.sql).toContain('and attempt = $3');
  });

  it('of nothing still counts the row as changed', async () => {
    const { tx, ran } = transaction();
    await new RowUpdate().run(tx, 'j');
    expect(ran).toEqual([{ sql: `update jobs set ${ALWAYS} where id = $1`, parameters: ['j'] }]);
  });

  it.each([
    [1, true],
    [0, false],
  ])('that met %i rows says %s', async (rows, made) => {
    expect(await new RowUpdate().value('status', 'failed').run(transaction(rows).tx, 'j')).toBe(made);
  });

  it('can be run twice', async () => {
    const { tx, ran } = transaction();
    const update = new RowUpdate().value('phase', 'x');
    await update.run(tx, 'a', { attempt: 1 });
    await update.run(tx, 'b', { attempt: 2 });
    expect(ran.map(({ parameters }) => parameters)).toEqual([
      ['x', 'a', 1],
      ['x', 'b', 2],
    ]);
  });

  it('knows whether it has anything to set', () => {
    expect(new RowUpdate().isEmpty()).toBe(true);
    expect(new RowUpdate().raw('checks = 0').isEmpty()).toBe(false);
    expect(new RowUpdate().at('check_at', null).isEmpty()).toBe(false);
  });

  it('keeps null as SQL null, in a value and in JSON', async () => {
    const { tx, ran } = transaction();
    await new RowUpdate().value('phase', null).json('result', null).json('error', { text: 'a\0' }).run(tx, 'j');
    expect(ran[0]?.parameters).toEqual([null, null, '{"text":"a\uFFFD"}', 'j']);
  });
});
