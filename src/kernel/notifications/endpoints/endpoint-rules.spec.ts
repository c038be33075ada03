import { Problem } from '../../http/problem.js';
import { DestinationRegistry } from '../destination-registry.js';
import type { Destination } from '../destination.js';
import { EventTypes } from '../event-types.js';
import { EndpointRules } from './endpoint-rules.js';

const way = (name: string, missing: string[] = []): Destination => ({
  name,
  signs: false,
  about: 'an address that begins with ok',
  missingKeys: () => missing,
  fault: (url) => (url.startsWith('ok') ? null : 'must begin with ok'),
  shown: (url) => url,
  send: () => Promise.reject(new Error('nothing is sent here')),
});

function rules(): EndpointRules {
  const registry = new DestinationRegistry();
  registry.register(way('pigeon'));
  registry.register(way('fax', ['FAX_NUMBER', 'FAX_TONE']));
  const types = new EventTypes();
  types.add(
    ['sonnet.succeeded', 'sonnet.failed', 'ode.succeeded', 'press.stopped'].map((type) => ({ type, about: '' })),
  );
  return new EndpointRules(registry, types);
}

/** What a caller is told. */
function told(act: () => unknown): Pick<Problem, 'code' | 'detail' | 'extras'> | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

const fieldsOf = (act: () => unknown) => told(act)?.extras.errors?.map(({ field }) => field) ?? [];

describe('an endpoint', () => {
  it('has a destination that is there, and is told which are', () => {
    expect(rules().destination('pigeon').name).toBe('pigeon');
    expect(told(() => rules().destination('post'))).toMatchObject({
      extras: { errors: [{ field: 'destination', detail: 'must be one of pigeon, fax' }] },
    });
  });

  it('has a destination that is set up, and is told what it misses', () => {
    expect(told(() => rules().destination('fax'))).toMatchObject({
      code: 'provider_not_configured',
      detail: 'fax needs FAX_NUMBER and FAX_TONE in the environment',
    });
  });

  it.each([
    [{ url: 'ok' }],
    [{ types: ['*', '*.failed', 'sonnet.*', 'press.stopped', 'endpoint.test'] }],
    [{ kinds: ['sonnet', 'ode'] }],
    [{ url: 'ok.', types: ['*'], kinds: [] }],
    [{}],
  ])('may be %j', (wish) => expect(told(() => rules().check(wish, way('pigeon')))).toBeNull());

  it('is told of everything that is wrong with it, by its place', () => {
    const wish = { url: 'no', types: ['*', 'sonnet.read', '**'], kinds: ['sonnet', 'press', 'succeeded'] };
    expect(fieldsOf(() => rules().check(wish, way('pigeon')))).toEqual([
      'url',
      'types[1]',
      'types[2]',
      'kinds[1]',
      'kinds[2]',
    ]);
  });

  it('hears which kinds there are', () => {
    expect(told(() => rules().check({ kinds: ['epic'] }, way('pigeon')))?.detail).toBe(
      'kinds[0]: must be one of ode, sonnet',
    );
  });
});
