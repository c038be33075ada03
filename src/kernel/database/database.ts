import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import type { EntityManager, QueryRunner } from 'typeorm';
import { AppLogger } from '../observability/app-logger.js';
import { TRANSACTION_LIMITS } from './data-source.js';
import { DatabaseEnv, isPooled } from './database.env.js';

type Row = Record<string, unknown>;

/** A transaction under way, plus what runs once it has committed (bells, metrics, waiting requests). */
export class Transaction {
  private readonly afterwards: (() => void)[] = [];

  constructor(private readonly runner: QueryRunner) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** The rows that a statement returned. */
  async query<T = Row>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return (await this.runner.query(sql, [...parameters], true)).records as T[];
  }

  /** How many rows a statement changed: the row count decides. */
  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return (await this.runner.query(sql, [...parameters], true)).affected ?? 0;
  }

  /** Must not throw and must not wait: it runs after the commit, whoever was interested in its success is gone. */
  afterCommit(work: () => void): void {
    this.afterwards.push(work);
  }

  committed(): readonly (() => void)[] {
    return this.afterwards;
  }
}

/** Serialization failure, deadlock, and a unique key that a rival took first: trying again gives the true answer. */
const WORTH_ANOTHER_TRY = new Set(['40001', '40P01', '23505']);

const SET_LIMITS = Object.entries(TRANSACTION_LIMITS)
  .map(([name, ms]) => `set local ${name} = ${ms}`)
  .join('; ');

export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown; driverError?: { code?: unknown } } | null)?.code;
  const inner = (error as { driverError?: { code?: unknown } } | null)?.driverError?.code;
  return typeof code === 'string' ? code : typeof inner === 'string' ? inner : undefined;
}

@Injectable()
export class Database {
  constructor(
    readonly source: DataSource,
    private readonly logger: AppLogger,
    private readonly env: DatabaseEnv,
  ) {}

  /** Through a transaction-mode pooler nothing outlives its transaction: no named statements, no settings. */
  get isPooled(): boolean {
    return isPooled(this.env);
  }

  /** The pool below TypeORM, for hot paths. */
  get pool(): Pool {
    return (this.source.driver as unknown as { master: Pool }).master;
  }

  async query<T = Row>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return (await this.pool.query(sql, [...parameters])).rows as T[];
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return (await this.pool.query(sql, [...parameters])).rowCount ?? 0;
  }

  /**
   * One transaction; `work` gets it and may leave things to do after the commit. With `retries`, a lost race is run again
   * from its beginning, so `work` must be repeatable. No network inside.
   */
  async unitOfWork<T>(work: (tx: Transaction) => Promise<T>, retries = 0): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      await runner.startTransaction();
      if (this.isPooled) await runner.query(SET_LIMITS);
      const tx = new Transaction(runner);
      const result = await work(tx);
      await runner.commitTransaction();
      this.runAfterCommit(tx);
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      if (retries <= 0 || !WORTH_ANOTHER_TRY.has(sqlState(error) ?? '')) throw error;
    } finally {
      await runner.release();
    }
    return this.unitOfWork(work, retries - 1);
  }

  private runAfterCommit(tx: Transaction): void {
    for (const after of tx.committed()) {
      try {
        after();
      } catch (error) {
        this.logger.error('after-commit work failed', { error });
      }
    }
  }
}
