import { MAX_ANNOUNCED, fitted } from './announced-job.js';
import type { JobView } from './job.view.js';

const view = (parts: Partial<JobView>): JobView =>
  ({
    id: 'j',
    kind: 'diarization',
    status: 'succeeded',
    input: {},
    result: null,
    facts: {},
    labels: {},
    ...parts,
  }) as JobView;
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('a job as it is told', () => {
  it('is whole where it is small', () => {
    const small = view({ result: { diarization: [{ speaker: 'A', start: 0, end: 1 }] } });
    expect(fitted(small)).toEqual(small);
  });

  it('goes without its result where that is large, and says so', () => {
    const told = fitted(
      view({ input: { url: 'https://example.com/a.wav' }, result: { text: 'x'.repeat(MAX_ANNOUNCED) } }),
    );
    expect(told).toMatchObject({ result: null, omitted: ['result'], input: { url: 'https://example.com/a.wav' } });
  });

  it('goes without all that is large, whatever a team or a vendor has put there', () => {
    const large = { text: 'ü'.repeat(MAX_ANNOUNCED) };
    const told = fitted(
      view({ input: large, result: large, facts: large, labels: large, error: { code: 'x', message: large.text } }),
    );
    expect(bytes(told)).toBeLessThanOrEqual(MAX_ANNOUNCED);
    expect(told.omitted).toEqual(['result', 'input', 'facts', 'labels', 'error']);
    expect(told.error?.code).toBe('x');
  });

  it('keeps what is small beside something large', () => {
    const told = fitted(view({ input: { text: 'x'.repeat(MAX_ANNOUNCED) }, labels: { a: 'b' } }));
    expect(told).toMatchObject({ omitted: ['input'], labels: { a: 'b' }, input: {} });
  });
});
