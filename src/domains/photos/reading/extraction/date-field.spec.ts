import { rowsFrom } from '../testing/rows-from.js';
import { dateFields } from './date-field.js';

describe('the date of a purchase', () => {
  it('is the one with a time, not that of a law or an offer', () => {
    const rows = rowsFrom('GST ACT 2014 01/04/2015', 'VALID UNTIL 31/12/2018', '14/03/2018 17:57', 'TOTAL 8.20');
    const { date, time } = dateFields(rows, true);
    expect([date?.value, time?.value]).toEqual(['2018-03-14', '17:57']);
  });

  it('finds the time on the row beside it', () => {
    expect(dateFields(rowsFrom('Date: 14/03/2018', 'Time: 05:57 PM'), true).time?.value).toBe('17:57');
  });

  it('takes 03/04 by the order of the currency', () => {
    expect(dateFields(rowsFrom('03/04/2018'), true)).toMatchObject({ date: { value: '2018-04-03' }, undecided: null });
    expect(dateFields(rowsFrom('03/04/2018'), false).date?.value).toBe('2018-03-04');
  });

  it('takes 03/04 by another date that can be read one way only', () => {
    const rows = rowsFrom('Date 03/04/2018 10:00', 'Return until 04/25/2018');
    expect(dateFields(rows, null)).toMatchObject({ date: { value: '2018-03-04' }, undecided: null });
  });

  it('says so where nothing decides', () => {
    expect(dateFields(rowsFrom('03/04/2018'), null).undecided).toBe('2018-03-04');
  });
});
