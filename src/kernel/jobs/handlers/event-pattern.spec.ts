import { handlerPatternFault } from './event-pattern.js';

describe('the pattern of a handler', () => {
  it.each(['*', 'diarization.*', '*.failed', 'training.in_progress', '*.expired'])('may be %s', (pattern) =>
    expect(handlerPatternFault(pattern)).toBeNull(),
  );

  it('is not what is no pattern at all', () => {
    expect(handlerPatternFault('diarization')).toContain('is no pattern');
  });

  it.each(['diarization.queued', '*.running', 'call.submitting', 'x.unconfirmed'])(
    'is not %s, which is never announced',
    (pattern) => expect(handlerPatternFault(pattern)).toContain('never comes'),
  );
});
