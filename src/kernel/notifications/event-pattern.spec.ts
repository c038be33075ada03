import { isMeant, patternFault } from './event-pattern.js';

describe('a pattern of event types', () => {
  it.each<[string, string[], string[]]>([
    ['*', ['diarization.succeeded', 'call.ringing'], []],
    ['diarization.succeeded', ['diarization.succeeded'], ['diarization.failed', 'training.succeeded']],
    ['diarization.*', ['diarization.failed', 'diarization.expired'], ['call.failed']],
    ['*.failed', ['diarization.failed', 'call.failed'], ['call.succeeded', 'call.failed_over']],
    ['training.in_progress', ['training.in_progress'], ['training.in']],
  ])('%s means %j and not %j', (pattern, meant, others) => {
    expect(patternFault(pattern)).toBeNull();
    expect([meant, others].map((types) => types.map((type) => isMeant(pattern, type)))).toEqual([
      meant.map(() => true),
      others.map(() => false),
    ]);
  });

  it.each(['', 'diarization', '**', 'diarization.', '.failed', 'a.b.c', 'Diarization.failed', 'call.fail*', ' *'])(
    'is not %j',
    (pattern) => expect(patternFault(pattern)).toContain('is no pattern'),
  );
});
