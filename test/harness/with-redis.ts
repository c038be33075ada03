import { findRedisServer } from './redis-server.js';

/** For journeys that need a Redis of their own, to be stopped and killed. */
export const describeWithRedis: jest.Describe = findRedisServer() === null ? describe.skip : describe;
