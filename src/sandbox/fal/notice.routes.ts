import type { FastifyInstance } from 'fastify';
import type { JobStore } from './job-store.js';
import type { Notices } from './notices.js';
import { relayBody, relayHeaders, type RelayProof, type RelayShape } from './relay-shape.js';
import type { RetryPolicy } from './retry-policy.js';

interface Again {
  Params: { id: string };
  Body: { url?: string; headers?: Record<string, string> } | null;
}

interface Relayed {
  Params: { id: string };
  Body: RelayProof & { url: string; headers?: Record<string, string>; notices: RelayShape[] };
}

/** For tests: the vendor itself has no way to ask for a notice again, and knows of no relays. */
export function noticeRoutes(admin: FastifyInstance, jobs: JobStore, notices: Notices): void {
  admin.post<Again>('/fal/jobs/:id/notice', async (request, reply) => {
    const job = jobs.get(request.params.id);
    if (job === undefined) return reply.code(404).send({ message: 'There is no such job' });
    if (job.outcome === null)
      return reply.code(409).send({ message: `The job is ${job.stage}: there is nothing to tell yet` });
    const { url = job.webhook, headers = {} } = request.body ?? {};
    if (url === null) return reply.code(400).send({ message: 'The job has no webhook: say url' });
    return notices.sendAgain(job, url, headers);
  });

  admin.post<Relayed>('/fal/jobs/:id/relay', async (request, reply) => {
    const job = jobs.get(request.params.id);
    if (job === undefined) return reply.code(404).send({ message: 'There is no such job' });
    const { url, headers = {}, notices: shapes, ...proof } = request.body;
    const sent = [];
    for (const shape of shapes) {
      const body = relayBody(job, shape);
      sent.push(await notices.sendForeign(job, url, { ...relayHeaders(body, proof), ...headers }, body));
    }
    return { notices: sent };
  });

  admin.put<{ Body: { policy: RetryPolicy } }>('/fal/retry-policy', (request, reply) => {
    const { policy } = request.body;
    if (policy !== 'old' && policy !== 'new') return reply.code(400).send({ message: 'policy is old or new' });
    notices.policy = policy;
    return { policy };
  });
}
