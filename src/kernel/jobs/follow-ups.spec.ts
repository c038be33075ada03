import type { Database, Transaction } from '../database/database.js';
import type { Doorbell } from '../queue/doorbell.js';
import type { JobEventHandlers } from './handlers/job-event-handlers.js';
import { FollowUps, followUpRow } from './follow-ups.js';

describe('what has to follow an event', () => {
  it('is noted down with the event, once, and rung for after the commit and not before', async () => {
    const rung: [string, string | undefined][] = [];
    const statements: string[] = [];
    const afterwards: (() => void)[] = [];
    const tx = {
      execute: (sql: string) => Promise.resolve(statements.push(sql)),
      afterCommit: (work: () => void) => void afterwards.push(work),
    } as unknown as Transaction;
    const doorbell = { ring: (queue: string, row?: string) => void rung.push([queue, row]) } as unknown as Doorbell;
    const handlers = { of: () => [{ name: 'crm.keep' }] } as unknown as JobEventHandlers;
    const followUps = new FollowUps({} as Database, doorbell, handlers);
    await followUps.planFor(tx, { id: 'j', provider: 'acme' }, 'call.answered', { after: () => Promise.resolve() });
    expect(statements).toHaveLength(2);
    expect(statements[0]).toMatch(/^insert into follow_ups .* on conflict do nothing$/);
    expect(rung).toEqual([]);
    for (const work of afterwards) work();
    expect(rung).toEqual([
      ['after:acme', 'j/call.answered'],
      ['handler:crm.keep', 'j/call.answered'],
    ]);
  });

  it('goes by one id that holds both of its own', () => {
    expect(followUpRow('j', 'call.answered')).toBe('j/call.answered');
    expect(followUpRow('j', 'a')).not.toBe(followUpRow('j', 'b'));
  });
});
