import { mediaErrors, submitErrors } from './validation.js';
import type { JobType } from './job.js';

const url = 'https://example.com/a.wav';
const voiceprints = [{ label: 'Anna', voiceprint: 'AAAA' }];

const fields = (type: JobType, body: unknown) => submitErrors(type, body).map((error) => error.field);

describe('checking a submit', () => {
  it('accepts null for everything a client may leave out', () => {
    const names = [
      'model',
      'numSpeakers',
      'minSpeakers',
      'maxSpeakers',
      'turnLevelConfidence',
      'exclusive',
      'confidence',
    ];
    const more = [
      'webhook',
      'webhookStatusOnly',
      'transcription',
      'transcriptionConfig',
      'matching',
      'speechProbability',
    ];
    const nulls = Object.fromEntries([...names, ...more].map((name) => [name, null]));
    expect(fields('diarize', { url, ...nulls })).toEqual([]);
    expect(fields('identify', { url, voiceprints, ...nulls })).toEqual([]);
    expect(fields('identify', { url, voiceprints, matching: { exclusive: null, threshold: null } })).toEqual([]);
    expect(fields('voiceprint', { url, ...nulls })).toEqual([]);
  });

  it('accepts fields and models it does not know', () => {
    expect(fields('diarize', { url: 'media://a/b-c_1.wav', model: 'precision-9', whatever: 1 })).toEqual([]);
  });

  it.each<[string, JobType, unknown, string[]]>([
    ['no body', 'diarize', undefined, ['body']],
    ['a list', 'diarize', [], ['body']],
    ['no url', 'diarize', {}, ['url']],
    ['a url of another kind', 'diarize', { url: 'ftp://example.com/a.wav' }, ['url']],
    ['a media address with a space', 'diarize', { url: 'media://a b' }, ['url']],
    ['plain http to somewhere else', 'diarize', { url, webhook: 'http://example.com/hook' }, ['webhook']],
    ['a webhook that is no address', 'diarize', { url, webhook: 'hook' }, ['webhook']],
    ['words for flags', 'diarize', { url, exclusive: 'yes', confidence: 1 }, ['exclusive', 'confidence']],
    ['no speakers', 'diarize', { url, numSpeakers: 0 }, ['numSpeakers']],
    ['crossed bounds', 'diarize', { url, minSpeakers: 3, maxSpeakers: 2 }, ['minSpeakers']],
    ['no voiceprints', 'identify', { url }, ['voiceprints']],
    ['none of them', 'identify', { url, voiceprints: [] }, ['voiceprints']],
    [
      'a label kept for the vendor',
      'identify',
      { url, voiceprints: [{ label: 'Speaker_1', voiceprint: 'A' }] },
      ['voiceprints.0.label'],
    ],
    [
      'a voiceprint too long',
      'identify',
      { url, voiceprints: [{ label: 'A', voiceprint: 'A'.repeat(20_001) }] },
      ['voiceprints.0.voiceprint'],
    ],
    ['a threshold above 100', 'identify', { url, voiceprints, matching: { threshold: 101 } }, ['matching.threshold']],
  ])('refuses %s', (_title, type, body, expected) => {
    expect(fields(type, body)).toEqual(expected);
  });

  it.each(['https://example.com/h', 'http://127.0.0.1:3000/h', 'http://localhost/h', 'http://[::1]:1/h'])(
    'accepts notices to %s',
    (webhook) => {
      expect(fields('diarize', { url, webhook })).toEqual([]);
    },
  );

  it('wants media addresses of 255 plain characters at most', () => {
    expect(mediaErrors({ url: `media://${'a'.repeat(247)}` })).toEqual([]);
    expect(mediaErrors({ url: `media://${'a'.repeat(248)}` })).toHaveLength(1);
    expect(mediaErrors({ url })).toHaveLength(1);
    expect(mediaErrors(undefined)).toHaveLength(1);
  });
});
