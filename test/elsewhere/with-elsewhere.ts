// The one line that a vendor adds to `domains/enabled.ts`. Imported first: what is mocked later was loaded before.
jest.mock('../../src/domains/enabled.js', () => {
  const { domains } = jest.requireActual<{ domains: object[] }>('../../src/domains/enabled.js');
  const { ElsewhereModule } = jest.requireActual<{ ElsewhereModule: object }>('./elsewhere.module.js');
  return { domains: [...domains, ElsewhereModule] };
});
