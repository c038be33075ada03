import { Pace } from '../config/pace.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import type { Transaction } from '../database/database.js';
import { JOB_STATUSES } from './job-status.js';
import type { JobStatus } from './job-status.js';
import { Job } from './job.entity.js';
import type { KindSpec } from './provider.js';
import { RowUpdate } from './row-update.js';
import { setForTarget } from './target-columns.js';

const spec: KindSpec = {
  kind: 'diarization',
  deadline: 3_600_000,
  checks: {
    withWebhook: { first: 60_000, factor: 2, max: 600_000 },
    withoutWebhook: { first: 5_000, factor: 1.5, max: 60_000 },
  },
  phases: [],
  resubmit: 'never',
};

/** The assignments of a move, with what they are given in place of the numbers. */
async function moved(to: JobStatus, job: Partial<Job> = {}, { factor = 1, dueIn = 0 } = {}): Promise<string[]> {
  const pace = new Pace(parseEnv(ServiceEnv, { SIGNALBOX_TIME_FACTOR: String(factor) }));
  const update = new RowUpdate();
  const known = { deadlineAt: null, externalId: 'e', webhook: true, ...job };
  setForTarget(update, Object.assign(new Job(), known), to, spec, { pace, dueIn });
  let assignments: string[] = [];
  const execute = (sql: string, parameters: readonly unknown[]) => {
    const sets = /set (.*) where/.exec(sql)?.[1] ?? '';
    assignments = sets
      .split(/, (?=\w+ = )/)
      .map((one) => one.replace(/\$(\d+)/, (_, n) => String(parameters[Number(n) - 1])));
    return Promise.resolve(1);
  };
  await update.run({ execute } as unknown as Transaction, 'j');
  return assignments.filter((one) => !/^(version|updated_at) =/.test(one));
}

describe('a job that goes', () => {
  it('back to queued is due again, and begins anew', async () => {
    expect(await moved('queued', {}, { dueIn: 5_000 })).toEqual([
      `submit_at = now() + 5000 * interval '1 millisecond'`,
      'asked_at = null',
      'check_at = null',
      'deadline_at = null',
    ]);
  });

  it('to submitting is leased by whoever takes it, and by nobody here', async () => {
    expect(await moved('submitting')).toEqual([]);
  });

  it('to running has begun, has a deadline, and is asked about after a while', async () => {
    expect(await moved('running')).toEqual([
      'submit_at = null',
      'started_at = coalesce(started_at, now())',
      `deadline_at = now() + 3600000 * interval '1 millisecond'`,
      'checks = 0',
      `check_at = now() + 60000 * interval '1 millisecond'`,
    ]);
  });

  it('to unconfirmed has a deadline and is asked about, but has not begun', async () => {
    const assignments = await moved('unconfirmed');
    expect(assignments.join()).not.toContain('started_at');
    expect(assignments).toContain(`deadline_at = now() + 3600000 * interval '1 millisecond'`);
  });

  it('on keeps the deadline that it has', async () => {
    const assignments = await moved('running', { deadlineAt: new Date(0) });
    expect(assignments.join()).not.toContain('deadline_at');
  });

  it('on without a notice to come is asked about sooner', async () => {
    expect(await moved('running', { webhook: false })).toContain(`check_at = now() + 5000 * interval '1 millisecond'`);
  });

  it('on without an id at the vendor is not asked about', async () => {
    expect(await moved('unconfirmed', { externalId: null })).toContain('check_at = null');
  });

  it('on in a hurry does so at the pace', async () => {
    const assignments = await moved('running', {}, { factor: 0.01 });
    expect(assignments).toContain(`deadline_at = now() + 36000 * interval '1 millisecond'`);
    expect(assignments).toContain(`check_at = now() + 600 * interval '1 millisecond'`);
  });

  it.each(['succeeded', 'failed', 'canceled', 'expired'] as const)(
    'to %s wants nothing any more, and remembers when it first was settled',
    async (status) => {
      expect(await moved(status)).toEqual([
        'submit_at = null',
        'check_at = null',
        'settled_at = coalesce(settled_at, now())',
      ]);
    },
  );

  it.each(JOB_STATUSES.filter((status) => status !== 'queued' && status !== 'submitting'))(
    'to %s is not due to be submitted any more',
    async (status) => {
      expect(await moved(status)).toContain('submit_at = null');
    },
  );
});
