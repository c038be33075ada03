import { NO_FIELDS } from '../../src/domains/photos/reading/extraction/extracted.js';
import type { Reading } from '../../src/domains/photos/reading/reading.js';
import { compare, similarity } from './compare.js';

const reading = (values: Record<string, string>) =>
  ({
    fields: {
      ...NO_FIELDS,
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, confidence: 1, box: null }])),
    },
  }) as Reading;

describe('a reading against its key', () => {
  it('drops case, spaces and punctuation of texts, compares dates as dates and totals as numbers', () => {
    const read = reading({ merchant: 'Green Leaf Sdn. Bhd', date: '2018-03-14', total: '1041.50' });
    const key = { image: 'a.jpg', company: 'GREEN LEAF SDN BHD', date: '14/03/2018', total: 'RM1,041.50' };
    expect(compare(read, key).map(({ field, right }) => [field, right])).toEqual([
      ['total', true],
      ['date', true],
      ['merchant', true],
    ]);
  });

  it('counts a field that was not read as wrong, and one that has no key not at all', () => {
    expect(compare(reading({ date: '2018-03-14' }), { image: 'a.jpg', total: '5.00' })).toEqual([
      { field: 'total', right: false, near: false, read: null, expected: '5.00' },
    ]);
  });

  it('tells what is nearly right', () => {
    const [one] = compare(reading({ merchant: 'GREEN LEAF TRADIMG' }), {
      image: 'a.jpg',
      company: 'GREEN LEAF TRADING',
    });
    expect(one).toMatchObject({ right: false, near: true });
    expect(similarity('abcd', 'abcx')).toBe(0.75);
  });
});
