import { falRelayNotice } from './fal-relay.notice.js';
import { pyannoteNotice } from './pyannote.notice.js';
import type { VendorNotice } from './vendor-notice.js';

/** Another vendor is one line here, and its file. */
export const VENDOR_NOTICES: Readonly<Record<string, VendorNotice>> = {
  pyannote: pyannoteNotice,
  'fal-relay': falRelayNotice,
};
