import { Problem } from '../../http/problem.js';
import { chosen, offersOf } from './negotiation.js';

const format = (mediaType: string) => ({ mediaType, extension: 'x', fields: [], render: () => '' });
const offers = offersOf({
  rttm: format('text/x-rttm; charset=utf-8'),
  csv: format('text/csv; charset=utf-8; header=present'),
  txt: format('text/plain; charset=utf-8'),
  svg: format('image/svg+xml'),
  stats: format('application/json'),
});
const nameFor = (accept?: string, wanted?: string) => chosen(offers, wanted, accept).name;

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('there is no problem');
}

describe('the form of a result', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/*', 'json'],
    ['text/csv', 'csv'],
    ['TEXT/CSV', 'csv'],
    ['text/csv;header=absent', 'csv'],
    ['text/*', 'rttm'],
    ['image/*', 'svg'],
    ['text/plain;q=0.5, image/svg+xml;q=0.6', 'svg'],
    ['text/csv, */*', 'csv'],
    ['text/csv;q=0.1, application/json;q=0.2', 'json'],
    ['application/json;q=0, */*', 'rttm'],
    ['text/*;q=0.3, text/plain;q=0, */*;q=0.1', 'rttm'],
    ['image/svg+xml ; q=0.9 , text/html', 'svg'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8', 'json'],
    ['garbage, text/csv', 'csv'],
  ])('is what Accept: %s likes best', (accept, name) => {
    expect(nameFor(accept)).toBe(name);
  });

  it('is what ?format= says, whatever is accepted', () => {
    expect(nameFor('application/json', 'csv')).toBe('csv');
    expect(nameFor('video/mp4', 'stats')).toBe('stats');
    expect(nameFor('text/csv', 'json')).toBe('json');
  });

  it.each(['text/html', 'video/*', 'application/json;q=0', 'garbage', '*/json', ';;,,'])(
    'is none for Accept: %s, and the answer says what there is',
    (accept) => {
      const problem = problemOf(() => nameFor(accept));
      expect([problem.getStatus(), problem.code]).toEqual([406, 'not_acceptable']);
      expect(problem.detail).toBe(
        'ask with Accept for one of application/json, text/x-rttm, text/csv, text/plain, image/svg+xml, or with ?format= for one of json, rttm, csv, txt, svg, stats',
      );
    },
  );

  it.each(['xml', '', 'CSV', 'toString', '__proto__'])(
    'is none for ?format=%s, and the answer says what there is',
    (name) => {
      const problem = problemOf(() => nameFor(undefined, name));
      expect([problem.getStatus(), problem.extras.errors]).toEqual([
        400,
        [{ field: 'format', detail: expect.stringContaining('one of json, rttm, csv, txt, svg, stats') as string }],
      ]);
    },
  );

  it('is JSON where the kind offers nothing else', () => {
    expect(offersOf({}).map(({ name }) => name)).toEqual(['json']);
  });
});
