import { streamPath } from './event-filter.js';
import { eventLine } from './event-line.js';

const at = '2026-11-21T10:00:00.000Z';
const line = (type: string, data: object) => eventLine({ type, body: JSON.stringify({ type, timestamp: at, data }) });

describe('An event in one line', () => {
  it('says when, what, of what, and why', () => {
    expect(line('diarization.succeeded', { job: { id: 'j1', error: null } })).toBe(
      `${at}  diarization.succeeded       job j1`,
    );
    expect(line('diarization.failed', { job: { id: 'j1', error: { code: 'c', message: 'why' } }, late: true })).toBe(
      `${at}  diarization.failed          job j1  c: why`,
    );
    expect(line('batch.finished', { batch: { id: 'b1' } })).toBe(`${at}  batch.finished              batch b1`);
    expect(line('diarization.running', { jobId: 'j1', phase: 'created' })).toBe(
      `${at}  diarization.running         job j1`,
    );
  });

  it('says what it can of what it does not understand', () => {
    expect(line('odd', {})).toBe(`${at}  odd`);
    for (const body of ['', 'null', '{', '{"data":{}}']) expect(eventLine({ type: 'odd', body })).toBe('odd');
  });
});

describe('The address of the stream', () => {
  it('says what is wanted of it', () => {
    expect(streamPath({})).toBe('/v1/stream');
    const all = { types: '*.failed,x.y', kind: 'diarization', label: ['room=4', 'a=b=c'], since: at };
    expect([...new URL(streamPath(all), 'http://a').searchParams]).toEqual([
      ['types', '*.failed,x.y'],
      ['kinds', 'diarization'],
      ['since', at],
      ['label', 'room:4'],
      ['label', 'a:b=c'],
    ]);
    expect(() => streamPath({ label: ['room'] })).toThrow('--label: "room" does not look like name=value');
  });
});
