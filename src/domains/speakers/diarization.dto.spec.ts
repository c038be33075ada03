import type { FieldError } from '../../kernel/http/problem.js';
import { diarization } from './diarization.kind.js';
import { hearing } from './testing/heard-of.js';
import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import { faultsOf, url } from './testing/ordering.js';

const vendor = new LittleVendor();
let baseUrl: string;
beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());

describe('the options of a diarization', () => {
  const heardOf = hearing(vendor, () => baseUrl, diarization);

  it('of false are sent, since the caller said so', async () => {
    expect(await heardOf({ url, exclusive: false })).toEqual({ url, exclusive: false });
  });

  it.each([[{ model: null }], [{}]])('with nothing in them (%j) are not sent', async (transcriptionConfig) => {
    expect(await heardOf({ url, transcription: true, transcriptionConfig })).toEqual({ url, transcription: true });
  });

  it('that are unknown are refused by name', async () => {
    const detail = 'unknown field; remove it';
    expect(await faultsOf({ url, numSpeaker: 2 })).toEqual([{ field: 'numSpeaker', detail }]);
    expect(await faultsOf({ url, webhookStatusOnly: true })).toEqual([{ field: 'webhookStatusOnly', detail }]);
    const nested = { url, transcription: true, transcriptionConfig: { size: 1 } };
    expect(await faultsOf(nested)).toEqual([{ field: 'transcriptionConfig.size', detail }]);
  });

  it.each<[object, FieldError[]]>([
    [
      { minSpeakers: 3, maxSpeakers: 2 },
      [
        { field: 'minSpeakers', detail: 'must not be greater than maxSpeakers' },
        { field: 'maxSpeakers', detail: 'must not be less than minSpeakers' },
      ],
    ],
    [{ minSpeakers: 2, maxSpeakers: 2, numSpeakers: 2 }, []],
    [{ minSpeakers: null, maxSpeakers: 2 }, []],
    [{ numSpeakers: 5, maxSpeakers: 4 }, [{ field: 'numSpeakers', detail: 'must not be greater than maxSpeakers' }]],
    [{ numSpeakers: 1, minSpeakers: 2 }, [{ field: 'numSpeakers', detail: 'must not be less than minSpeakers' }]],
    [
      { model: 'community-1', transcription: true },
      [{ field: 'transcription', detail: 'needs the model precision-2; community-1 has none' }],
    ],
    [{ model: 'community-1', transcription: false }, []],
    [{ transcription: true }, []],
    [
      { transcriptionConfig: { model: 'm' } },
      [{ field: 'transcriptionConfig', detail: 'has no effect without transcription: true' }],
    ],
    [
      { transcription: false, transcriptionConfig: {} },
      [{ field: 'transcriptionConfig', detail: 'has no effect without transcription: true' }],
    ],
  ])('fit together: %j → %j', async (body, faults) => expect(await faultsOf({ url, ...body })).toEqual(faults));
});
