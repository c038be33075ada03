import { createFalClient, type FalClient } from '@fal-ai/client';
import type { Sandbox } from '../sandbox.js';

/** The vendor's own client, unchanged: its hosts are fixed in its code, so every request is sent on to ours. */
export function officialClient({ fal }: Sandbox, credentials = fal.key): FalClient {
  const hosts = [
    ['https://queue.fal.run', fal.queueUrl],
    ['https://rest.fal.ai', fal.restUrl],
  ] as const;
  const ours = (url: string) => hosts.reduce((found, [theirs, here]) => found.replace(theirs, here), url);
  return createFalClient({
    credentials,
    requestMiddleware: (request) => Promise.resolve({ ...request, url: ours(request.url) }),
  });
}
