import { FLAGS, optionOf, requestFrom } from './diarize-options.js';

const plain = { webhook: true };

describe('The options of `diarize`', () => {
  it('are the names of the API, written as the shell has them', () => {
    expect(Object.keys(FLAGS).map(optionOf)).toEqual([
      '--turn-level-confidence',
      '--exclusive',
      '--confidence',
      '--speech-probability',
      '--crosstalk-probability',
      '--speaker-probability',
      '--transcription',
    ]);
  });

  it('make a body with what was said and nothing else', () => {
    expect(requestFrom(plain)).toEqual({});
    expect(
      requestFrom({
        wait: true,
        format: 'vtt',
        model: 'precision-2',
        minSpeakers: '2',
        maxSpeakers: '4',
        exclusive: true,
        transcription: true,
        transcriptionModel: 'faster-whisper-large-v3-turbo',
        label: ['meeting=weekly', 'room=a=b'],
        webhook: false,
      }),
    ).toEqual({
      model: 'precision-2',
      minSpeakers: 2,
      maxSpeakers: 4,
      exclusive: true,
      transcription: true,
      transcriptionConfig: { model: 'faster-whisper-large-v3-turbo' },
      labels: { meeting: 'weekly', room: 'a=b' },
      webhook: false,
    });
  });

  it.each([
    [{ format: 'rttm' }, '--format needs --wait: without it there is no result yet'],
    [{ format: 'txt', wait: true }, '--format txt needs --transcription: without it nobody writes down what is said'],
    [{ transcriptionModel: 'x' }, '--transcription-model needs --transcription'],
    [{ numSpeakers: '0' }, '--num-speakers: "0" is no whole number of 1 or more'],
    [{ maxSpeakers: 'two' }, '--max-speakers: "two" is no whole number of 1 or more'],
    [{ label: ['weekly'] }, '--label: "weekly" does not look like name=value'],
  ] as const)('that cannot be meant are told before anything is sent: %j', (options, sentence) => {
    expect(() => requestFrom({ ...plain, ...options, label: 'label' in options ? [...options.label] : [] })).toThrow(
      sentence,
    );
  });
});
