import { sseComment, sseMessage, sseRetry } from './sse.js';
import { StreamEvent } from './stream-event.js';

/** The stream's parser as the standard has it, in as few words as will do. */
function parse(text: string) {
  const seen: { id: string; event: string; data: string }[] = [];
  let lastId = '';
  let block = { event: 'message', data: [] as string[] };
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '') {
      if (block.data.length > 0) seen.push({ id: lastId, event: block.event, data: block.data.join('\n') });
      block = { event: 'message', data: [] };
      continue;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'id') lastId = value ?? '';
    if (field === 'event') block.event = value ?? '';
    if (field === 'data') block.data.push(value ?? '');
  }
  return { seen, lastId };
}

const at = new Date('2025-11-21T10:00:00.123Z');

function event(data: unknown, more: Partial<ConstructorParameters<typeof StreamEvent>[0]> = {}): StreamEvent {
  return new StreamEvent({
    cursor: { epoch: 1, tx: 700n, seq: 9n },
    jobId: 'j',
    teamId: 't',
    type: 'call.ringing',
    at,
    isAnnounced: true,
    data: JSON.stringify(data),
    ...more,
  });
}

describe('a server-sent event', () => {
  it('is read as what was written', () => {
    const text = sseMessage({ id: '1-2-3', event: 'call.ringing', data: '{"a":1}' }).toString();
    expect(text).toBe('id: 1-2-3\nevent: call.ringing\ndata: {"a":1}\n\n');
    expect(parse(text)).toEqual({ seen: [{ id: '1-2-3', event: 'call.ringing', data: '{"a":1}' }], lastId: '1-2-3' });
  });

  it('is one line of data, whatever is in it', () => {
    const strange = { text: 'a\r\nb\n\nid: 9-9-9\ndata: x\u2028\u2029\u0085 é 😀' };
    const { seen } = parse(event(strange).message.toString());
    expect(seen.map(({ id, data }) => ({ id, body: JSON.parse(data) as unknown }))).toEqual([
      { id: '1-700-9', body: { type: 'call.ringing', timestamp: '2025-11-21T10:00:00.123Z', data: strange } },
    ]);
  });

  it('moves the last id on without showing anything where it is a comment', () => {
    expect(parse(sseRetry() + sseComment('connected', '1-5-5') + sseComment(''))).toEqual({
      seen: [],
      lastId: '1-5-5',
    });
  });

  it('is written out once', () => {
    const one = event({});
    expect(one.message).toBe(one.message);
  });
});

describe('what an event tells of', () => {
  it.each<[string, unknown, { kind: string | null; labels: object }]>([
    ['a job', { job: { kind: 'call', labels: { a: 'b' } } }, { kind: 'call', labels: { a: 'b' } }],
    ['a batch', { batch: { kind: 'diarization', labels: {} } }, { kind: 'diarization', labels: {} }],
    ['a job beside other things', { late: true, job: { kind: 'call' } }, { kind: 'call', labels: {} }],
    ['nothing of a kind', { trunk: { name: 'x' } }, { kind: null, labels: {} }],
    ['nothing', {}, { kind: null, labels: {} }],
    ['null', null, { kind: null, labels: {} }],
    ['words instead of things', { kind: 'call', job: null }, { kind: null, labels: {} }],
  ])('is %s', (_, data, told) => {
    expect(event(data).told).toEqual(told);
  });
});
