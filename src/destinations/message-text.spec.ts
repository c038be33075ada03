import { messageText, oneLine } from './message-text.js';

const TIMESTAMP = '2026-11-21T17:40:05.123Z';
const LINK = 'https://signalbox.example.com/v1/jobs/019aa0b0';

const job = (more: Record<string, unknown> = {}) => ({
  id: '019aa0b0',
  kind: 'diarization',
  error: null,
  labels: {},
  createdAt: '2026-11-21T17:38:02.000Z',
  settledAt: '2026-11-21T17:40:05.000Z',
  input: { url: 'https://bucket.example.com/call.wav?X-Signature=abc' },
  links: { self: '/v1/jobs/019aa0b0' },
  ...more,
});

const said = (type: string, data: Record<string, unknown>) =>
  messageText({ type, timestamp: TIMESTAMP, data, link: LINK });

describe('The text of an event', () => {
  it('says what succeeded, for which labels, and how long it took', () => {
    expect(said('diarization.succeeded', { job: job({ labels: { meeting: 'weekly', n: '7' } }) })).toEqual({
      title: 'diarization succeeded',
      lines: ['meeting=weekly, n=7', 'took 2 min 3 s', 'job 019aa0b0, 2026-11-21 17:40:05 UTC'],
      link: LINK,
    });
  });

  it('says why something failed', () => {
    const error = { code: 'vendor_failed', message: 'the vendor gave no reason' };
    const { title, lines } = said('diarization.failed', { job: job({ error }) });
    expect(title).toBe('diarization failed: vendor_failed');
    expect(lines[0]).toBe('the vendor gave no reason');
  });

  it('says that the truth came late', () => {
    const { title, lines } = said('diarization.succeeded', { job: job(), late: true });
    expect(title).toBe('diarization succeeded (late)');
    expect(lines[0]).toBe('took 2 min 3 s; it had expired before');
  });

  it('counts a batch', () => {
    const batch = { id: '019b', kind: 'diarization', total: 1_000, counts: { failed: 5, succeeded: 995 }, labels: {} };
    expect(said('batch.finished', { batch })).toMatchObject({
      title: 'batch finished: 1000 × diarization',
      lines: ['5 failed, 995 succeeded', 'batch 019b, 2026-11-21 17:40:05 UTC'],
    });
  });

  it('says by which word a model is called up', () => {
    const model = { id: '019d', triggerWord: 'ohwx', baseModel: 'FLUX.1 [dev]', labels: { person: 'anna' } };
    expect(said('model.ready', { model })).toMatchObject({
      title: 'model ready',
      lines: ['ohwx, for FLUX.1 [dev]', 'person=anna', 'model 019d, 2026-11-21 17:40:05 UTC'],
    });
    expect(said('model.ready', { model: {} }).lines).toEqual(['model , 2026-11-21 17:40:05 UTC']);
  });

  it('names an endpoint without what is secret in its address', () => {
    const url = 'https://app.example.com/hooks?token=t0ps3cret';
    const endpoint = { id: '019c', destination: 'webhook', url, reason: 'no success for five days' };
    expect(said('endpoint.disabled', { endpoint })).toMatchObject({
      title: 'endpoint disabled',
      lines: [
        'no success for five days',
        'webhook https://app.example.com/…',
        'endpoint 019c, 2026-11-21 17:40:05 UTC',
      ],
    });
    expect(said('endpoint.test', { endpoint: { id: '019c' } }).lines[0]).toBe('this is what messages look like here');
  });

  it.each([
    ['an unknown type', 'trunk.went_down', { trunk: 'x' }, 'trunk went down'],
    ['an announced phase', 'call.in_progress', { job: job({ settledAt: null }) }, 'call in progress'],
    ['data of another shape', 'diarization.failed', { job: 7, batch: null }, 'diarization failed'],
    ['a type that is nothing', '...', {}, 'news'],
  ])('has a line for %s', (_, type, data, title) => {
    const made = said(type, data);
    expect(made.title).toBe(title);
    expect(made.lines.length).toBeGreaterThanOrEqual(1);
    expect(made.lines.length).toBeLessThanOrEqual(4);
    expect(made.lines.at(-1)).toContain('2026-11-21 17:40:05 UTC');
  });

  it('never tells the input, and of any address no more than its host', () => {
    const message = 'could not load https://bucket.example.com/call.wav?X-Signature=abc, nor s3://u:pw@b.example/k';
    const made = said('diarization.failed', {
      job: job({ error: { code: 'x', message }, labels: { source: 'https://a.example/b?sig=abc' } }),
    });
    expect(JSON.stringify({ ...made, link: null })).not.toMatch(/call\.wav|abc|pw|\/k/);
    expect(made.lines[0]).toBe('could not load https://bucket.example.com/… nor s3://b.example/…');
    expect(made.lines[1]).toBe('source=https://a.example/…');
  });

  it('is one line each, without what is invisible, and bounded', () => {
    const nasty = `a\r\nBcc: x@example.com\u0000\u001b[31m\u202eb\u200b\ud800${'x'.repeat(50_000)}`;
    const labels = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}${nasty}`, nasty]));
    const made = said(`diarization.${nasty}`, {
      job: job({ id: nasty, labels, error: { code: nasty, message: nasty } }),
    });
    const all = [made.title, ...made.lines];
    expect(all.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect([...made.title].length).toBe(120);
    for (const line of made.lines) expect([...line].length).toBeLessThanOrEqual(300);
    expect(made.lines).toHaveLength(4);
  });

  it('cuts between characters', () => {
    expect(oneLine('😀😀😀😀', 3)).toBe('😀😀…');
    expect(said('x', { job: job({ labels: Object.fromEntries([...'abcdefgh'].map((n) => [n, n])) }) }).lines[0]).toBe(
      'a=a, b=b, c=c, d=d, e=e, f=f, and 2 more',
    );
  });

  it.each([
    ['2026-11-21T17:38:02.400Z', '0 s'],
    ['2026-11-21T17:39:02.000Z', '1 min'],
    ['2026-11-21T18:43:05.000Z', '1 h 5 min'],
    ['2026-11-24T18:38:02.000Z', '3 d 1 h'],
  ])('rounds what ended at %s to %s', (settledAt, took) => {
    expect(said('diarization.succeeded', { job: job({ settledAt }) }).lines[0]).toBe(`took ${took}`);
  });
});
