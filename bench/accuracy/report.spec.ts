import { printed, reportOf } from './report.js';

const RESULTS = [
  {
    image: 'img/1.jpg',
    cpuSeconds: 1,
    comparisons: [
      { field: 'total' as const, right: true, near: true, read: '5.00', expected: '5.00' },
      { field: 'address' as const, right: false, near: true, read: 'NO 1 JALAN SATU', expected: 'NO 1, JALAN SATUS' },
    ],
  },
  {
    image: 'img/2.jpg',
    cpuSeconds: 2,
    comparisons: [{ field: 'total' as const, right: false, near: false, read: null, expected: '7.00' }],
  },
];

describe('the report of the accuracy', () => {
  const report = reportOf(RESULTS);

  it('counts what is right and what is near, and keeps every miss', () => {
    expect(report).toMatchObject({
      n: 2,
      right: { total: 1, date: 0, merchant: 0, address: 0 },
      near: { merchant: 0, address: 1 },
      cpuSecondsPerReceipt: 1.5,
    });
    expect(report.misses.map(({ image, field }) => [image, field])).toEqual([
      ['img/1.jpg', 'address'],
      ['img/2.jpg', 'total'],
    ]);
  });

  it('prints how many of those that have a key', () => {
    const text = printed(report, RESULTS, 500);
    expect(text).toContain('total     1 of 2');
    expect(text).toContain('address   0 of 1      1');
    expect(text).toContain('read      (nothing)');
  });
});
