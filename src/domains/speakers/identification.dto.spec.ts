import type { FieldError } from '../../kernel/http/problem.js';
import { identification } from './identification.kind.js';
import { hearing } from './testing/heard-of.js';
import { LibraryOf } from './testing/library-of.js';
import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import { ordering, url } from './testing/ordering.js';

const anna = { label: 'Anna', voiceprint: 'cHJpbnQ=' };
const ID = '019aa0b0-9d3f-7d5c-8e2f-7f2e4b8b0c33';
const OLD = '019aa0b0-0000-7d5c-8e2f-7f2e4b8b0c33';
const library = new LibraryOf([
  { id: OLD, label: 'Ben', print: 'b2xk' },
  { id: ID, label: 'Ben', print: 'bmV3' },
]);
const { orderOf, faultsOf } = ordering('identification', library);

const vendor = new LittleVendor();
let baseUrl: string;
beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());

describe('the options of an identification', () => {
  const least = { url, voiceprints: [anna] };
  const heardOf = hearing(vendor, () => baseUrl, identification, library);

  it.each([[{ exclusive: null, threshold: null }], [{}]])(
    'with nothing in them (%j) are not sent',
    async (matching) => {
      expect(await heardOf({ ...least, matching })).toEqual(least);
    },
  );

  it('of the library reach the vendor as prints, without a trace of where they came from', async () => {
    const body = { url, voiceprints: [{ label: 'Ben' }, { id: OLD, label: 'Ben as a boy' }, anna] };
    expect(await heardOf(body)).toEqual({
      url,
      voiceprints: [{ label: 'Ben', voiceprint: 'bmV3' }, { label: 'Ben as a boy', voiceprint: 'b2xk' }, anna],
    });
  });

  it('are those of diarize, but for transcription', async () => {
    const detail = 'unknown field; remove it';
    expect(await faultsOf({ ...least, transcription: true })).toEqual([{ field: 'transcription', detail }]);
  });
});

describe('the people of an identification', () => {
  const of = async (...voiceprints: unknown[]) => (await orderOf({ url, voiceprints })).input.voiceprints;
  const wrong = (...voiceprints: unknown[]) => faultsOf({ url, voiceprints });
  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ ...anna, label: `Anna ${i}` }));

  it('may be named by label, which means their newest print; by id; or with a print', async () => {
    expect(await of({ label: 'Ben' })).toEqual([{ label: 'Ben', voiceprint: 'bmV3', id: ID }]);
    expect(await of({ id: OLD })).toEqual([{ label: 'Ben', voiceprint: 'b2xk', id: OLD }]);
    expect(await of({ id: OLD.toUpperCase(), label: 'B' })).toEqual([{ label: 'B', voiceprint: 'b2xk', id: OLD }]);
    expect(await of(anna, { label: 'Ben', id: null, voiceprint: null })).toHaveLength(2);
  });

  it('may be fifty, and no more', async () => {
    expect(await wrong(...many(50))).toEqual([]);
    const fault = { field: 'voiceprints', detail: 'must name 1 to 50 people; leave some out' };
    expect(await wrong(...many(51))).toEqual([fault]);
    // Those after the fifty-first are not even looked at.
    const faults = await wrong(...Array.from({ length: 5_000 }, () => ({})));
    expect([faults.length, faults[0]]).toEqual([52, fault]);
  });

  it.each<[string, unknown, FieldError]>([
    [
      'a label of the vendor’s own',
      { ...anna, label: 'SPEAKER_00' },
      { field: 'voiceprints[1].label', detail: 'must not begin with SPEAKER_' },
    ],
    [
      'the same in small letters',
      { ...anna, label: 'speaker_x' },
      { field: 'voiceprints[1].label', detail: 'must not begin with SPEAKER_' },
    ],
    [
      'a label that is too long',
      { ...anna, label: 'x'.repeat(101) },
      { field: 'voiceprints[1].label', detail: 'is longer than 100 characters' },
    ],
    ['an empty label', { ...anna, label: ' ' }, { field: 'voiceprints[1].label', detail: 'must be the person’s name' }],
    [
      'a label with a line break',
      { ...anna, label: 'An\nna' },
      { field: 'voiceprints[1].label', detail: 'has control characters' },
    ],
    ['no label', { voiceprint: 'x' }, { field: 'voiceprints[1].label', detail: 'is required: the person’s name' }],
    [
      'a print that is too long',
      { label: 'A', voiceprint: 'x'.repeat(20_001) },
      { field: 'voiceprints[1].voiceprint', detail: 'has 20001 characters, the vendor takes 20000 at most' },
    ],
    [
      'an empty print',
      { label: 'A', voiceprint: '' },
      { field: 'voiceprints[1].voiceprint', detail: 'must be a voiceprint' },
    ],
    [
      'a print that is none',
      { label: 'A', voiceprint: 'a b' },
      { field: 'voiceprints[1].voiceprint', detail: 'has characters in it' },
    ],
    [
      'a print and an id',
      { ...anna, id: ID },
      { field: 'voiceprints[1].voiceprint', detail: 'cannot be given together with id' },
    ],
    ['an id that is none', { id: 'ben' }, { field: 'voiceprints[1].id', detail: 'must be the id of a voiceprint' }],
    [
      'an id that is not in the library',
      { id: ID.replace('c33', 'c34') },
      { field: 'voiceprints[1].id', detail: 'names no voiceprint of your library' },
    ],
    ['a stranger', { label: 'Eve' }, { field: 'voiceprints[1].label', detail: 'is nobody in your library' }],
    [
      'somebody who is named twice',
      { label: 'Zoë', voiceprint: 'y' },
      { field: 'voiceprints[1].label', detail: 'is the label of voiceprints[0], too' },
    ],
  ])('are not %s', async (_, person, { field, detail }) => {
    const faults = await wrong({ label: 'Zoë', voiceprint: 'x' }, person);
    expect(faults).toEqual([{ field, detail: expect.stringContaining(detail) as string }]);
  });

  it('are each told what is wrong with them', async () => {
    const faults = await wrong({ label: 'Eve' }, { id: ID }, { label: 'Ben' }, { label: 'Mallory' });
    expect(faults.map(({ field }) => field)).toEqual([
      'voiceprints[0].label',
      'voiceprints[3].label',
      'voiceprints[2].label',
    ]);
  });
});
