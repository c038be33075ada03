import type { Transaction } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import type { JobStatus } from './job-status.js';

/** Collects what one UPDATE of one job sets. Times are given as milliseconds from the database's own now. */
export class RowUpdate {
  private readonly sets: string[] = [];
  private readonly parameters: unknown[] = [];

  value(column: string, value: unknown): this {
    this.sets.push(`${column} = $${this.parameters.push(value)}`);
    return this;
  }

  json(column: string, value: unknown): this {
    return this.value(column, jsonb(value));
  }

  raw(assignment: string): this {
    this.sets.push(assignment);
    return this;
  }

  /** `column = now() + afterMs`; null clears it. */
  at(column: string, afterMs: number | null): this {
    if (afterMs === null) return this.raw(`${column} = null`);
    return this.raw(`${column} = now() + $${this.parameters.push(afterMs)} * interval '1 millisecond'`);
  }

  isEmpty(): boolean {
    return this.sets.length === 0;
  }

  /**
   * Runs it where the job is in one of the named states (any when absent), and at that attempt where one is given.
   * True when a row was there: the row count decides.
   */
  async run(
    tx: Transaction,
    jobId: string,
    where: { from?: readonly JobStatus[]; attempt?: number } = {},
  ): Promise<boolean> {
    const all = [...this.parameters, jobId];
    let condition = `id = $${all.length}`;
    if (where.from) condition += ` and status = any($${all.push(where.from)})`;
    if (where.attempt !== undefined) condition += ` and attempt = $${all.push(where.attempt)}`;
    const sql = `update jobs set ${[...this.sets, 'version = version + 1', 'updated_at = now()'].join(', ')} where ${condition}`;
    return (await tx.execute(sql, all)) > 0;
  }
}
