import type { SpeakerKind } from '../speaker-kind.js';
import type { LibraryOf } from './library-of.js';
import type { LittleVendor } from '../../../kernel/http/testing/little-vendor.js';
import { ordering } from './ordering.js';
import type { Route } from './ordering.js';
import { VENDOR_ID, aJob, stage } from './stage.js';

/** What the vendor, listening there, hears of a body that a caller sent. */
export function hearing(vendor: LittleVendor, baseUrl: () => string, { kind }: SpeakerKind, library?: LibraryOf) {
  const { orderOf } = ordering(kind as Route, library);
  return async (body: object): Promise<unknown> => {
    const { input } = await orderOf(body);
    vendor.heard.splice(0);
    vendor.answer = () => ({ status: 200, json: { jobId: VENDOR_ID, status: 'created' } });
    // As it comes back from the database.
    const stored = JSON.parse(JSON.stringify(input)) as Record<string, unknown>;
    const job = aJob({ kind, input: stored, callbackUrl: null });
    await stage(baseUrl()).provider.submit(job, () => Promise.resolve());
    return vendor.heard[0]?.body;
  };
}
