// The one line that a team adds to `domains/enabled.ts`. Imported first: what is mocked later was loaded before.
jest.mock('../../src/domains/enabled.js', () => {
  const { domains } = jest.requireActual<{ domains: object[] }>('../../src/domains/enabled.js');
  const { ExtensionModule } = jest.requireActual<{ ExtensionModule: object }>('./extension.module.js');
  return { domains: [...domains, ExtensionModule] };
});
