import { createHmac } from 'node:crypto';
import type { Heard, Reply } from '../contract/tiny-vendor.js';
import type { EventFixture, VendorFixture } from '../contract/vendor-fixture.js';

const SECRET = 'toy-secret-0123456789';
const ID = 'd_1';
let notices = 0;

function shows(fields: object): (request: Heard) => Reply {
  return ({ method, path }) => {
    if (method === 'GET' && path === `/drawings/${ID}`) return { status: 200, json: { drawing: ID, ...fields } };
    return path === `/drawings/${ID}/stop` ? { status: 202, json: {} } : { status: 404 };
  };
}

function event(state: unknown, to: EventFixture['to'], rest: object = {}): EventFixture {
  const fields = { state, ...rest };
  const body = { id: `n_${++notices}`, drawing: ID, ...fields };
  return { name: JSON.stringify(state), kind: 'drawing', notice: { source: 'toy', body }, shows: shows(fields), to };
}

export const toy: VendorFixture = {
  vendor: 'the toy vendor',
  env: (url) => ({ TOY_KEY: 'toy-key', TOY_BASE_URL: url, TOY_SIGNING_SECRET: SECRET }),
  sources: [
    {
      name: 'toy',
      needs: ['TOY_SIGNING_SECRET'],
      proof: ['toy-signature'],
      signsBody: true,
      maxAge: 300,
      sign: (body, sentAtSeconds) => {
        const t = Math.floor(sentAtSeconds);
        const v1 = createHmac('sha256', SECRET).update(`${t}.`).update(body).digest('hex');
        return { 'content-type': 'application/json', 'toy-signature': `t=${t},v1=${v1}` };
      },
    },
  ],
  provider: {
    name: 'toy',
    needs: ['TOY_KEY'],
    inputs: { drawing: { subject: 'a signal box' } },
    externalId: ID,
    costs: ({ method, path }) => method === 'POST' && path === '/drawings',
    takes: () => ({ status: 201, json: { drawing: ID, state: 'accepted' } }),
    events: [
      event('accepted', 'open'),
      event('sketched', 'open'),
      event('stopping', 'open'),
      event('done', 'succeeded', { picture: '<svg/>' }),
      event('spoiled', 'failed', { why: 'out of ink' }),
      event('stopped', 'canceled'),
      event('hung up on a wall', 'unknown'),
    ],
  },
};
