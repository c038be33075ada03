'use strict';
// The house rules that a machine can hold (README, "The house"). A kernel folder imports only folders above it.
const ladder = [
  'config',
  'observability',
  'database',
  'queue',
  'http',
  'health',
  'teams',
  'files',
  'notifications',
  'jobs',
  'webhooks',
];

const rungs = ladder.slice(0, -1).map((room, i) => ({
  name: `ladder-${room}`,
  comment: `kernel/${room} may import only the rooms above it: ${ladder.slice(0, i).join(', ') || 'none'}`,
  severity: 'error',
  from: { path: `^src/kernel/${room}/` },
  to: { path: `^src/kernel/(${ladder.slice(i + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...rungs,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'kernel-knows-no-domain',
      comment: 'The kernel names no vendor: domains, destinations and the sandbox stand above it',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { path: '^src/', pathNot: '^src/kernel/' },
    },
    {
      name: 'kernel-rooms-are-on-the-ladder',
      comment: 'A new kernel folder needs a line in the ladder and a paragraph in README Decisions',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/kernel/', pathNot: `^src/kernel/(${ladder.join('|')})/` },
    },
    {
      name: 'domains-are-strangers',
      severity: 'error',
      from: { path: '^src/domains/([^/]+)/' },
      to: { path: '^src/domains/', pathNot: '^src/domains/$1/' },
    },
    {
      name: 'domains-import-kernel-only',
      severity: 'error',
      from: { path: '^src/domains/' },
      to: { path: '^src/', pathNot: '^src/(kernel|domains)/' },
    },
    {
      name: 'destinations-import-kernel-only',
      severity: 'error',
      from: { path: '^src/destinations/' },
      to: { path: '^src/', pathNot: '^src/(kernel|destinations)/' },
    },
    {
      name: 'destinations-are-strangers',
      comment: 'A destination is its own files, named after it, and the text that they all say',
      severity: 'error',
      from: { path: '^src/destinations/([^/.]+)\\.', pathNot: '^src/destinations/enabled\\.ts$' },
      to: { path: '^src/destinations/', pathNot: '^src/destinations/(($1|message-text)\\.|testing/)' },
    },
    {
      name: 'only-the-roots-know-destinations',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(destinations/|(api\\.module|worker\\.module|http-app)\\.ts$)' },
      to: { path: '^src/destinations/' },
    },
    {
      name: 'sandbox-is-an-island',
      comment: 'The vendors’ stand-ins import nothing of ours',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^(src|migrations)/', pathNot: '^src/sandbox/' },
    },
    {
      name: 'no-dumping-rooms',
      severity: 'error',
      from: {},
      to: { path: '/(common|shared|utils|helpers|types)/', pathNot: 'node_modules' },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: {},
      to: { path: '/index\\.ts$', pathNot: 'node_modules' },
    },
    {
      name: 'no-specs-from-code',
      severity: 'error',
      from: { pathNot: '\\.spec\\.ts$' },
      to: { path: '\\.spec\\.ts$' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies-in-code',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: '(\\.spec\\.ts$|/testing/)' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
