import { FILE, FilesOfOne } from './testing/files-of-one.js';
import { hearing } from './testing/heard-of.js';
import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import { ordering, url } from './testing/ordering.js';
import { wavOf } from './testing/wav-of.js';
import { voiceprint } from './voiceprint.kind.js';

const { orderOf, faultsOf } = ordering('voiceprint');

const vendor = new LittleVendor();
let baseUrl: string;
beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());

describe('the options of a voiceprint', () => {
  const least = { url, library: false };
  const heardOf = hearing(vendor, () => baseUrl, voiceprint);

  it('do not tell the vendor whose voice it is', async () => {
    expect(await heardOf({ url, label: 'Anna' })).toEqual({ url });
  });

  it.each(['numSpeakers', 'confidence', 'webhookStatusOnly', 'voiceprints'])('are not %s', async (field) => {
    expect(await faultsOf({ ...least, [field]: 1 })).toEqual([{ field, detail: 'unknown field; remove it' }]);
  });
});

describe('the name of a voiceprint', () => {
  it('is kept with the job, for when the print has come', async () => {
    expect((await orderOf({ url, label: 'Anna' })).input).toEqual({ url, label: 'Anna' });
    expect((await orderOf({ url, label: 'Anna', library: true })).input).toEqual({ url, label: 'Anna' });
    expect((await orderOf({ url, label: 'Anna', library: false })).input).toEqual({
      url,
      label: 'Anna',
      library: false,
    });
    expect((await orderOf({ url, library: false, label: null })).input).toEqual({ url, library: false });
  });

  it.each([
    [{}, 'is required: the person’s name, under which the print is kept; or say library: false'],
    [{ label: null, library: null }, 'is required'],
    [{ label: '' }, 'must be the person’s name'],
    [{ label: 7 }, 'must be the person’s name'],
    [{ label: 'Speaker_07' }, 'must not begin with SPEAKER_'],
    [{ label: 'SPEAKER_07', library: false }, 'must not begin with SPEAKER_'],
    [{ label: 'x'.repeat(101) }, 'is longer than 100 characters'],
    [{ label: ' Anna' }, 'spaces around it'],
    [{ label: 'An\u0000na' }, 'has control characters'],
    [{ label: '\ud800' }, 'has control characters'],
  ])('is wrong in %j: %s', async (body, detail) => {
    const faults = await faultsOf({ url, ...body });
    expect(faults).toEqual([{ field: 'label', detail: expect.stringContaining(detail) as string }]);
  });

  it.each([['yes'], [1]])('is not opted out of by %j', async (library) => {
    const faults = await faultsOf({ url, label: 'Anna', library });
    expect(faults).toEqual([{ field: 'library', detail: 'must be true or false' }]);
  });
});

describe('the audio of a voiceprint that was uploaded', () => {
  const faultOf = async (head: Buffer, size: number) =>
    (await faultsOf({ file: FILE, label: 'Anna' }, [], new FilesOfOne(head, size)))[0];

  it('lasts 30 s at most, where its header tells', async () => {
    expect(await faultOf(wavOf(32_000), 44 + 30 * 32_000)).toBeUndefined();
    expect(await faultOf(wavOf(32_000), 44 + 30 * 32_000 + 320)).toEqual({
      field: 'file',
      detail: 'lasts 30.1 s by its header; the vendor takes 30 s at most',
    });
  });

  it('has 100 MiB at most', async () => {
    const [mib, mp3] = [1_024 ** 2, Buffer.from('ID3')];
    expect(await faultOf(mp3, 100 * mib)).toBeUndefined();
    expect((await faultOf(mp3, 100 * mib + 1))?.detail).toBe('has 104857601 bytes; the vendor takes 104857600 at most');
  });
});
