import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What may stand in a log line and a header as it is; anything else from outside is not taken over. */
const GIVEN = /^[\w.:-]{1,100}$/;

/** One process's ids begin like no other's: over a fleet a request is found by its id alone. */
export function requestIds(process = randomBytes(5).toString('hex')): (request: IncomingMessage) => string {
  let count = 0;
  return ({ headers }) => {
    const given = headers['x-request-id'];
    if (typeof given === 'string' && GIVEN.test(given)) return given;
    count += 1;
    return `${process}-${count.toString(36)}`;
  };
}
