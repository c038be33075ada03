import { findDates, findTime } from './dates.js';

describe('dates', () => {
  it.each([
    ['Date: 14/03/2018', '2018-03-14'],
    ['26/02/1808:28', '2018-02-26'],
    ['03/05/201820:24', '2018-05-03'],
    ['25 Mar20189:27PM', '2018-03-25'],
    ['2018-01-05', '2018-01-05'],
    ['05~05-17', '2017-05-05'],
    ['1O/O4/2O17', '2017-04-10'],
    ['7 MAC 2018', '2018-03-07'],
    ['Dste: 23/0472017', '2017-04-23'],
    ['Date:1170572018', '2018-05-11'],
    ['Date: 18 4/2017', '2017-04-18'],
    ['12/25/2018', '2018-12-25'],
    ['15.03.19 18:05', '2019-03-15'],
  ])('of "%s"', (text, iso) => {
    expect(findDates(text)[0]?.iso).toBe(iso);
  });

  it.each(['31/02/2018', '41-5-2018', '1.2012-0029', 'TEL 03-33624137'])('not of "%s"', (text) => {
    expect(findDates(text)).toEqual([]);
  });

  it('tells the other reading of a date that can be two', () => {
    expect(findDates('03/04/2018')[0]).toMatchObject({ iso: '2018-04-03', swapped: '2018-03-04', first: null });
    expect(findDates('25/04/2018')[0]).toMatchObject({ swapped: null, first: 'day' });
    expect(findDates('04/25/2018')[0]).toMatchObject({ iso: '2018-04-25', swapped: null, first: 'month' });
  });
});

describe('times', () => {
  it.each([
    ['05:14:27 PM', '17:14:27'],
    ['12:05 AM', '00:05'],
    ['9:27PM', '21:27'],
    ['18:05', '18:05'],
    ['no time', null],
  ])('of "%s"', (text, time) => {
    expect(findTime(text)).toBe(time);
  });
});
