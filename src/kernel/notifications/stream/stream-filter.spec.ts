import { StreamEvent } from './stream-event.js';
import { EVERYTHING, isInScope, isWanted } from './stream-filter.js';
import type { StreamFilter, StreamScope } from './stream-filter.js';

const event = (data: object, isAnnounced = true) =>
  new StreamEvent({
    cursor: { epoch: 1, tx: 1n, seq: 1n },
    jobId: 'job',
    teamId: 'team',
    type: 'call.failed',
    at: new Date(0),
    isAnnounced,
    data: JSON.stringify(data),
  });

const call = event({ job: { kind: 'call', labels: { room: 'a', floor: '1' } } });

describe('the filter of a stream', () => {
  it.each<[boolean, Partial<StreamFilter>]>([
    [true, {}],
    [true, { types: ['*.failed'] }],
    [true, { types: ['training.*', 'call.*'] }],
    [false, { types: ['training.*', '*.succeeded'] }],
    [true, { kinds: ['call'] }],
    [false, { kinds: ['training'] }],
    [true, { labels: { room: 'a' } }],
    [true, { labels: { room: 'a', floor: '1' } }],
    [false, { labels: { room: 'a', floor: '2' } }],
    [false, { labels: { toString: 'a' } }],
    [true, { since: new Date(0) }],
    [false, { since: new Date(1) }],
    [false, { types: ['call.*'], kinds: ['call'], labels: { room: 'b' } }],
  ])('lets through: %s for %j', (through, filter) => {
    expect(isWanted({ ...EVERYTHING, ...filter }, call)).toBe(through);
  });

  it('holds back what has no kind where kinds are wanted', () => {
    expect(isWanted({ ...EVERYTHING, kinds: ['call'] }, event({ trunk: {} }))).toBe(false);
  });

  it.each<[boolean, StreamScope, boolean]>([
    [true, { jobId: 'job' }, true],
    [true, { jobId: 'job' }, false],
    [false, { jobId: 'other' }, true],
    [true, { teamId: 'team' }, true],
    [false, { teamId: 'team' }, false],
    [false, { teamId: 'other' }, true],
    [true, { all: true }, true],
    [false, { all: true }, false],
  ])('has in its scope: %s for %j, announced %s', (inside, scope, isAnnounced) => {
    expect(isInScope(scope, event({}, isAnnounced))).toBe(inside);
  });
});
