'use strict';
const { existsSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { delimiter, join } = require('node:path');

const esmOnly = [
  '@nestjs',
  'content-disposition',
  'cookie',
  'file-type',
  'strtok3',
  'token-types',
  '@borewit',
  '@tokenizer',
  'uint8array-extras',
  '@redocly',
];

const shared = {
  // One cache for all projects.
  id: 'signalbox',
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '\\.(ts|m?js)$': '<rootDir>/jest.transform.cjs' },
  transformIgnorePatterns: [`node_modules/(?!(${esmOnly.join('|')})/)`],
  moduleNameMapper: {
    '/photo-worker-entry\\.js$': '<rootDir>/test/setup/photo-worker-entry.ts',
    '^(\\.{1,2}/.*)\\.js$': ['$1', '$1.js'],
  },
  setupFiles: ['reflect-metadata'],
};

/** `npm run test:long`: everything; without it, what takes long or grows large is left out. */
const isLong = process.env.SIGNALBOX_LONG === 'true';
const LEFT_OUT = [
  'bull-(limits|outage|settings)',
  'checks-deadline',
  'cli-(diarize|teams)',
  'docker',
  'embedded-postgres-.*',
  'fifth-vendor',
  'files-memory',
  'import',
  'live',
  'photo-pool',
  'pooler',
  'rate-limits-fleet',
  'results-memory',
  'small-pool',
  'stream-(many|slow)',
  'submit-turns',
];

const journeys = {
  ...shared,
  globalSetup: '<rootDir>/test/setup/start-servers.ts',
  globalTeardown: '<rootDir>/test/setup/stop-servers.ts',
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(isLong ? [] : LEFT_OUT.map((name) => `/test/${name}\\.journey\\.ts$`)),
  ],
};

/** Both transports run these: where a bell makes a difference, and a second run is worth its time. */
const OVER_BULL = isLong
  ? ['diarization', 'inbound-meanings', 'races-*', 'submit-answers', 'checks-*', 'handlers']
  : ['diarization', 'submit-answers'];

const redisIsThere =
  Boolean(process.env.REDIS_URL) ||
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'redis-server')));

const overBull = {
  ...journeys,
  displayName: 'journeys-bull',
  testMatch: OVER_BULL.map((name) => `<rootDir>/test/${name}.journey.ts`),
  setupFiles: [...shared.setupFiles, '<rootDir>/test/setup/over-bull.ts'],
};

module.exports = {
  // Journeys mostly wait; Jest's own measure, one less than the cores, would leave a small machine idle.
  maxWorkers: Math.max(3, availableParallelism()),
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{src,migrations,bench,live}/**/*.spec.ts'] },
    { ...journeys, displayName: 'journeys', testMatch: ['<rootDir>/test/**/*.journey.ts'] },
    ...(redisIsThere ? [overBull] : []),
  ],
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/main.ts', '!src/cli.ts'],
  // Lines per folder are in the table that `npm run coverage` prints; these two may not fall below.
  coverageThreshold: { './src/kernel/': { lines: 90 }, './src/domains/': { lines: 90 } },
  coverageReporters: ['text', 'json-summary', 'lcovonly'],
  testTimeout: 180_000,
};
