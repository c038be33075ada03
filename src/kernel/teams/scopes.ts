/** What a key may do. `operate` and `admin` reach across teams; the others stay inside the key's own team. */
export const SCOPES = ['jobs:read', 'jobs:write', 'files:write', 'endpoints:write', 'operate', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** What a key gets when nobody says otherwise. */
export const DEFAULT_SCOPES: readonly Scope[] = ['jobs:read', 'jobs:write', 'files:write', 'endpoints:write'];

export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}
