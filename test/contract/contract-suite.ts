import { describeProvider } from './provider-contract.js';
import { describeSource } from './source-contract.js';
import type { Stage, VendorFixture } from './vendor-fixture.js';

/** Everything that the kernel relies on in a vendor, tried on its own two halves. `stage` is asked inside the tests only. */
export function describeContract(fixture: VendorFixture, stage: () => Stage): void {
  describe(`the contract with ${fixture.vendor}`, () => {
    for (const source of fixture.sources) {
      const notices = (fixture.provider?.events ?? []).flatMap(({ notice }) =>
        notice?.source === source.name ? [notice] : [],
      );
      // Two kinds of jobs may end in the same words.
      const bodies = [...new Set(notices.map(({ body }) => JSON.stringify(body)))].map((text) => Buffer.from(text));
      describeSource(source, bodies, stage);
    }
    if (fixture.provider) describeProvider(fixture, fixture.provider, stage);
  });
}
