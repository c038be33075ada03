import type { Message } from '../post.js';

/** What a sample of a notice is to say. */
export interface NoticeWish {
  status: string;
  /** The vendor’s own id of the job. */
  job: string;
  secret: string;
}

/** How a vendor’s notices are made, for those who try out what becomes of them. */
export interface VendorNotice {
  about: string;
  /** Where the service takes them in. */
  path: string;
  statuses: readonly string[];
  /** The environment variable that has the secret in it, for people. */
  secretKey: string;
  /** The first secret of the environment; undefined when there is none. */
  secret(): string | undefined;
  newJobId(): string;
  /** Byte by byte as the vendor sends it. */
  write(wish: NoticeWish): Message;
}
