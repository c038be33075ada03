import type { FastifyRequest } from 'fastify';
import { appOf, type Job } from './job.js';

/** Where the vendor's hosts are on ours: one folder each. */
export const PREFIX = '/fal';

/** The address that the asker found us at. */
export function originOf(request: FastifyRequest): string {
  return `http://${request.host}${PREFIX}`;
}

export function requestUrls(job: Job) {
  const base = `${job.origin}/queue/${appOf(job)}/requests/${job.requestId}`;
  return { response_url: base, status_url: `${base}/status`, cancel_url: `${base}/cancel` };
}
