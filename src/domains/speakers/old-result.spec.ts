import { oldResultFrom } from './old-result.js';

const turns = [{ speaker: 'SPEAKER_00', start: 0, end: 1 }];

describe('A file of old results', () => {
  it('as the old server wrote it', () => {
    const file = {
      job_id: 'j-1',
      job_type: 'diarization',
      status: 'succeeded',
      timestamp: '2025-01-15T10:30:15.123456',
      output: { diarization: turns, warning: 'short' },
      retry_info: null,
    };
    expect(oldResultFrom(file)).toEqual({
      kind: 'diarization',
      status: 'succeeded',
      vendorId: 'j-1',
      time: '2025-01-15T10:30:15.123456',
      result: { diarization: turns, warning: 'short' },
      error: null,
    });
  });

  it.each([
    ['the vendor’s notice', { jobId: 'j-2', status: 'SUCCEEDED', output: { diarization: turns } }, 'j-2', undefined],
    [
      'the vendor’s job',
      { jobId: 'j-3', status: 'succeeded', createdAt: 'a', updatedAt: 'b', output: { diarization: turns } },
      'j-3',
      'b',
    ],
    ['an output without a status', { output: { diarization: turns } }, null, undefined],
    ['an output alone', { diarization: turns }, null, undefined],
    ['an id that is none', { job_id: '../x', status: 'succeeded', output: { diarization: turns } }, null, undefined],
  ])('may be %s', (_what, file, vendorId, time) => {
    expect(oldResultFrom(file)).toMatchObject({ kind: 'diarization', vendorId, result: { diarization: turns } });
    expect(oldResultFrom(file)).toHaveProperty('time', time);
  });

  it.each([
    [{ diarization: turns, identification: [] }, 'identification'],
    [{ diarization: turns, voiceprints: [] }, 'identification'],
    [{ voiceprint: 'cHJpbnQ=' }, 'voiceprint'],
    [{ diarization: [] }, 'diarization'],
  ])('is of the kind of its content, whatever the old server called it: %j', (output, kind) => {
    expect(oldResultFrom({ job_id: 'j', job_type: 'diarization', status: 'succeeded', output })).toMatchObject({
      kind,
    });
    expect(oldResultFrom(output)).toMatchObject({ kind, result: output });
  });

  it('has words under one name', () => {
    const wordLevelTranscription = [{ start: 0, end: 1, speaker: 'SPEAKER_00', word: 'hello' }];
    expect(oldResultFrom({ diarization: [], wordLevelTranscription })).toMatchObject({
      result: { wordLevelTranscription: [{ text: 'hello' }] },
    });
  });

  it.each([
    ['failed', 'vendor_failed'],
    ['canceled', 'vendor_canceled'],
  ])('of a job that %s is a failure', (status, code) => {
    expect(oldResultFrom({ job_id: 'j', job_type: 'identify', status })).toMatchObject({
      kind: 'identification',
      status: 'failed',
      result: null,
      error: { code },
    });
  });

  it.each([
    [null, 'holds no JSON object, so it is no result'],
    [turns, 'holds no JSON object, so it is no result'],
    [{ jobId: 'j', status: 'created' }, 'is not finished: its status is created'],
    [{ jobId: 'j', status: 7 }, 'has a status that pyannote does not document'],
    [
      { jobId: 'j', status: 'failed', job_type: 'unknown' },
      expect.stringMatching(/^has no output that Signalbox knows/),
    ],
    [{ jobId: 'j', status: 'failed', job_type: 'constructor' }, expect.stringMatching(/^has no output/)],
    [{ diarization: 'none' }, expect.stringMatching(/^has no output that Signalbox knows/)],
    [{ jobId: 'j', status: 'succeeded', job_type: 'diarization' }, 'says succeeded but has no usable diarization'],
  ])('that is none is told in a sentence: %j', (json, sentence) => {
    expect(oldResultFrom(json)).toEqual(sentence);
  });
});
