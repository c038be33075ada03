import type { DataSource } from 'typeorm';
import type { Caller } from '../teams/caller.js';
import { Archive } from './archive.js';
import type { DeliveryGone } from './delivery-gone.js';

const caller: Caller = { keyId: 'k', keyName: 'n', teamId: 't', teamName: 'red', scopes: ['operate'] };
/** Whoever asks it anything fails. */
const untouched = {} as DataSource;
const unasked = {} as DeliveryGone;

describe('an id that is none of ours', () => {
  it.each([
    '',
    'x',
    '019aa0b0-8d2f-7c4b-8c1f-6e1d3a7a9b2',
    '019AA0B0-8D2F-7C4B-8C1F-6E1D3A7A9B22',
    '019aa0b0-8d2f-4c4b-8c1f-6e1d3a7a9b22',
    '019aa0b0-8d2f-7c4b-0c1f-6e1d3a7a9b22',
    '019aa0b0-8d2f-7c4b-fc1f-6e1d3a7a9b22',
    '00000000-0000-0000-0000-000000000000',
    "' or true --",
    '\0',
  ])('is a delivery that is not there, and never an error of ours: %j', async (id) => {
    await expect(new Archive(untouched, unasked).get(caller, id)).rejects.toMatchObject({
      status: 404,
      code: 'delivery_not_found',
    });
  });
});
