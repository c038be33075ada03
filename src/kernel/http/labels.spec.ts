import { IsLabels } from './labels.js';
import { Problem } from './problem.js';
import { validationPipe } from './validation.js';

class Labelled {
  @IsLabels()
  labels?: Record<string, string>;
}

const read = (value: object) =>
  validationPipe().transform(value, { type: 'body', metatype: Labelled }) as Promise<Labelled>;

const labelled = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, 'x']));

describe('labels', () => {
  it.each<[string, object]>([
    ['none', {}],
    ['no more than their place', { labels: {} }],
    ['one', { labels: { meeting: 'weekly' } }],
    ['twenty', { labels: labelled(20) }],
    ['long', { labels: { ['n'.repeat(64)]: 'v'.repeat(255), empty: '' } }],
    ['of names that all objects have', { labels: { toString: 'a', hasOwnProperty: 'b' } }],
  ])('may be %s', async (_, body) => {
    expect(await read(body)).toEqual(body);
  });

  it.each<[string, unknown]>([
    ['a list', ['a']],
    ['a text', 'a'],
    ['twenty-one', labelled(21)],
    ['a number as a value', { a: 1 }],
    ['null as a value', { a: null }],
    ['an object as a value', { a: { b: 'c' } }],
    ['no name', { '': 'a' }],
    ['a name that is too long', { ['n'.repeat(65)]: 'a' }],
    ['a value that is too long', { a: 'v'.repeat(256) }],
  ])('may not be %s', async (_, labels) => {
    const error = await read({ labels }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).extras.errors?.map(({ field }) => field)).toEqual(['labels']);
  });
});
