import { isServed, mainPort } from './doors.js';

const OPERATIONS = ['/health', '/health/live', '/health/ready', '/health/startup', '/metrics'];
const PUBLIC = ['/v1/jobs', '/v1/jobs/:id', '/webhooks/:source', '/docs', '/healthy', '/metrics/x'];

describe('the doors of a process', () => {
  it('are one without a management port', () => {
    const settings = { ROLE: 'all', MANAGEMENT_PORT: 0 } as const;
    for (const route of [...OPERATIONS, ...PUBLIC, '/']) expect(isServed(route, 8000, settings)).toBe(true);
    expect(mainPort(8000, settings)).toBe(8000);
  });

  it.each(['all', 'api'] as const)('are two for %s with a management port, and nothing stands behind both', (ROLE) => {
    const settings = { ROLE, MANAGEMENT_PORT: 9000 } as const;
    for (const route of OPERATIONS) {
      expect([isServed(route, 8000, settings), isServed(route, 9000, settings)]).toEqual([false, true]);
    }
    for (const route of [...PUBLIC, '/']) {
      expect([isServed(route, 8000, settings), isServed(route, 9000, settings)]).toEqual([true, false]);
    }
    expect(mainPort(8000, settings)).toBe(8000);
  });

  it('are one for a worker, wherever it is, with no API behind it', () => {
    for (const MANAGEMENT_PORT of [0, 9000]) {
      const settings = { ROLE: 'worker', MANAGEMENT_PORT } as const;
      for (const route of [...OPERATIONS, '/']) expect(isServed(route, 9000, settings)).toBe(true);
      for (const route of PUBLIC) expect(isServed(route, 9000, settings)).toBe(false);
      expect(mainPort(8000, settings)).toBe(MANAGEMENT_PORT || 8000);
    }
  });
});
