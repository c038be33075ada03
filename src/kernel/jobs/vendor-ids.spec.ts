import type { Transaction } from '../database/database.js';
import { EventLog } from '../notifications/event-log.js';
import type { NotificationPlan } from '../notifications/notification-plan.js';
import { StreamBell } from '../notifications/stream/stream-bell.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Job } from './job.entity.js';
import type { KeptChange } from './change.js';
import { Timeline } from './timeline.js';
import { VendorIds } from './vendor-ids.js';

interface Statement {
  sql: string;
  parameters: readonly unknown[];
}

/** What keeping the ids of a change does to the database, where others may have that id already. */
async function keeping(job: Partial<Job>, change: KeptChange, others: object[] = []) {
  const ran: Statement[] = [];
  const tx = {
    execute: (sql: string, parameters: readonly unknown[]) => Promise.resolve(ran.push({ sql, parameters })),
    query: (sql: string, parameters: readonly unknown[]) => {
      if (!sql.includes('insert into events')) return Promise.resolve(others);
      ran.push({ sql, parameters });
      return Promise.resolve([{ seq: '1' }]);
    },
    afterCommit: () => undefined,
  } as unknown as Transaction;
  const metrics = new KernelMetrics();
  const nobody = { forEvent: () => Promise.reject(new Error('nobody is told of this')) };
  const events = new EventLog(nobody as unknown as NotificationPlan, new StreamBell());
  const known = Object.assign(new Job(), { id: 'j', teamId: 't', provider: 'acme', status: 'running', ...job });
  await new VendorIds(new Timeline(events), metrics).keep(tx, known, change, { by: 'notice' });
  const { values } = await metrics.externalIdConflicts.get();
  const [first] = ran;
  return { ran, first, job: known, conflicts: values.reduce((sum, { value }) => sum + value, 0) };
}

describe('the vendor’s id of a job', () => {
  it('is written where there was none', async () => {
    const { ran, first, job, conflicts } = await keeping({ externalId: null }, { externalId: 'e' });
    expect(ran).toHaveLength(1);
    expect(first?.sql).toMatch(/^update jobs set external_id = \$1, version/);
    expect(first?.parameters).toEqual(['e', 'j']);
    expect(job.externalId).toBe('e');
    expect(conflicts).toBe(0);
  });

  it('of an unclear job has it asked about at once', async () => {
    const { first } = await keeping({ externalId: null, status: 'unconfirmed' }, { externalId: 'e' });
    expect(first?.sql).toContain('check_at = now() + $2');
    expect(first?.parameters).toEqual(['e', 0, 'j']);
  });

  it.each([{}, { externalId: 'e' }])('that is no news writes nothing: %j', async (change) => {
    expect((await keeping({ externalId: 'e' }, change)).ran).toEqual([]);
  });

  it.each<[string, Partial<Job>, object[]]>([
    ['the job has another', { externalId: 'kept' }, []],
    ['another job has it', { externalId: null }, [{}]],
    ['both', { externalId: 'kept' }, [{}]],
  ])('is shown and counted, and never believed, when %s', async (_, job, others) => {
    const { ran, first, conflicts, job: after } = await keeping(job, { externalId: 'other' }, others);
    expect(ran).toHaveLength(1);
    expect(first?.sql).toContain('insert into events');
    expect(first?.parameters.slice(2, 4)).toEqual([
      'job.external_id_conflict',
      JSON.stringify({ kept: job.externalId, other: 'other' }),
    ]);
    expect(after.externalId).toBe(job.externalId);
    expect(conflicts).toBe(1);
  });
});

describe('further ids of the vendor', () => {
  it('are all kept, each once', async () => {
    const { ran } = await keeping({ externalId: 'e' }, { refs: ['room', 'call'] });
    expect(ran.map(({ parameters }) => parameters)).toEqual([
      ['acme', 'room', 'j'],
      ['acme', 'call', 'j'],
    ]);
    expect(ran.every(({ sql }) => sql.endsWith('on conflict do nothing'))).toBe(true);
  });
});
