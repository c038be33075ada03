import type { FastifyInstance } from 'fastify';
import type { Fault, FaultCatalogue, FaultStore, ParamKind } from './fault-store.js';

type Reading = { fault: Omit<Fault, 'id' | 'struck'> } | { mistake: string };

export function faultRoutes(admin: FastifyInstance, faults: FaultStore): void {
  admin.post('/faults', (request, reply) => {
    const reading = readFault(request.body, faults);
    if ('mistake' in reading) return reply.code(400).send({ message: reading.mistake });
    return reply.code(201).send(view(faults.add(reading.fault)));
  });
  admin.get('/faults', () => ({ faults: faults.list().map(view) }));
  admin.get('/faults/names', () => faults.names());
  admin.delete('/faults', (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  admin.delete<{ Params: { id: string } }>('/faults/:id', (request, reply) =>
    reply.code(faults.remove(request.params.id) ? 204 : 404).send(),
  );
}

function view({ params, ...fault }: Fault) {
  return { ...params, ...fault };
}

/** A mistyped fault would never strike and the test relying on it would prove nothing, so this is strict. */
function readFault(body: unknown, faults: FaultStore): Reading {
  if (!isObject(body)) return { mistake: 'send a JSON object' };
  const { vendor, fault, times = 1, match = {}, ...params } = body;
  const catalogue = typeof vendor === 'string' ? faults.catalogue(vendor) : undefined;
  if (typeof vendor !== 'string' || catalogue === undefined) return { mistake: `no such vendor: ${String(vendor)}` };
  if (typeof fault !== 'string' || catalogue[fault] === undefined) {
    return { mistake: `no such fault; known: ${Object.keys(catalogue).join(', ')}` };
  }
  if (times !== null && !(typeof times === 'number' && Number.isInteger(times) && times >= 1)) {
    return { mistake: 'times is a whole number from 1, or null for "until cleared"' };
  }
  const where = readMatch(match);
  if (where === null) return { mistake: 'match holds jobId and url, both text' };
  const mistake = wrongParam(catalogue, fault, params);
  return mistake === null ? { fault: { vendor, fault, times, match: where, params } } : { mistake };
}

function readMatch(match: unknown): Fault['match'] | null {
  if (!isObject(match)) return null;
  const { jobId, url, ...unknown } = match;
  if (Object.keys(unknown).length > 0) return null;
  if (jobId !== undefined && typeof jobId !== 'string') return null;
  if (url !== undefined && typeof url !== 'string') return null;
  return { ...(jobId === undefined ? {} : { jobId }), ...(url === undefined ? {} : { url }) };
}

function wrongParam(catalogue: FaultCatalogue, fault: string, params: Record<string, unknown>): string | null {
  const kinds = catalogue[fault] ?? {};
  for (const [name, value] of Object.entries(params)) {
    const kind = kinds[name];
    if (kind === undefined) return `${fault} takes ${Object.keys(kinds).join(', ') || 'no parameters'}, not ${name}`;
    if (!isOfKind(value, kind)) return `${name} must be ${typeof kind === 'string' ? kind : kind.join(' | ')}`;
  }
  return null;
}

function isOfKind(value: unknown, kind: ParamKind): boolean {
  if (kind === 'json') return true;
  if (typeof kind === 'string') return typeof value === kind;
  return typeof value === 'string' && kind.includes(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
