import { LittleVendor } from '../../../kernel/http/testing/little-vendor.js';
import type { Reply } from '../../../kernel/http/testing/little-vendor.js';

/** A queue of a few lines. */
export class LittleQueue extends LittleVendor {
  /** Forgets what was heard; answers by the ending of the path, else 404 in the vendor's words. */
  shows(replies: Readonly<Record<string, Reply>>): void {
    this.heard.splice(0);
    this.answer = ({ url }) => {
      const path = url.split('?')[0] ?? '';
      const [, reply] = Object.entries(replies).find(([end]) => path.endsWith(end)) ?? [];
      return reply ?? { status: 404, json: { status: 'NOT_FOUND' } };
    };
  }
}
