import type { ApiClient } from './api-client.js';

/** An endpoint as the API shows it; the secret where it was just made. */
export interface EndpointAnswer {
  id: string;
  destination: string;
  url: string;
  description: string;
  types: string[];
  kinds: string[];
  labels: Record<string, string>;
  unlisted: boolean;
  oldSecretUntil: string | null;
  disabledAt: string | null;
  disabledReason: string | null;
  failures: number;
  failingSince: string | null;
  succeededAt: string | null;
  waiting: number;
  createdAt: string;
  updatedAt: string;
  secret?: string;
}

export interface SecretAnswer {
  secret: string;
  oldSecretUntil: string | null;
}

/** @throws where it was not made */
export async function makeEndpoint(
  client: ApiClient,
  url: string,
  body: Record<string, unknown> = {},
): Promise<EndpointAnswer & { secret: string }> {
  const made = await client.post<EndpointAnswer & { secret: string }>('/v1/endpoints', { url, ...body });
  if (made.status !== 201) throw new Error(`not made: ${made.status} ${JSON.stringify(made.body)}`);
  return made.body;
}
