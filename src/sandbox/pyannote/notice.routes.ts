import type { FastifyInstance } from 'fastify';
import type { JobStore } from './job-store.js';
import { isEnded, webhookOf } from './job.js';
import type { Notices } from './notices.js';

interface Again {
  Params: { jobId: string };
  Body: { url?: string; headers?: Record<string, string> } | null;
}

/** For tests: the vendor itself has no way to ask for a notice again. */
export function noticeRoutes(admin: FastifyInstance, jobs: JobStore, notices: Notices): void {
  admin.post<Again>('/pyannote/jobs/:jobId/notice', async (request, reply) => {
    const job = jobs.get(request.params.jobId);
    if (job === undefined) return reply.code(404).send({ message: 'There is no such job' });
    if (!isEnded(job))
      return reply.code(409).send({ message: `The job is ${job.status}: there is nothing to tell yet` });
    const { url = webhookOf(job), headers = {} } = request.body ?? {};
    if (url === null) return reply.code(400).send({ message: 'The job has no webhook: say url' });
    return notices.sendAgain(job, url, headers);
  });
}
