import { parseEnv } from '../../kernel/config/parse-env.js';
import { PyannoteEnv } from '../../domains/speakers/pyannote.env.js';
import { newJob } from '../../sandbox/pyannote/job.js';
import type { Job } from '../../sandbox/pyannote/job.js';
import { NoticeWriter } from '../../sandbox/pyannote/notice-writer.js';
import { WORK } from './job-samples.js';
import type { VendorNotice } from './vendor-notice.js';

const STATUSES = ['succeeded', 'failed', 'canceled', 'running'] as const;
type Status = (typeof STATUSES)[number];

/** As the stand-in writes them. */
export const pyannoteNotice: VendorNotice = {
  about: 'pyannoteAI: a job has ended',
  path: '/webhooks/pyannote',
  statuses: STATUSES,
  secretKey: 'PYANNOTEAI_WEBHOOK_SECRETS',
  secret: () => parseEnv(PyannoteEnv).PYANNOTEAI_WEBHOOK_SECRETS[0],
  newJobId: () => newJob('diarize', { url: '' }).jobId,
  write({ status, job: jobId, secret }) {
    const output = status === 'succeeded' ? (WORK.diarization?.result ?? {}) : null;
    const job: Job = { ...newJob('diarize', { url: '' }), jobId, status: status as Status, output };
    return new NoticeWriter(secret).forJob(job, new Map())({ try: 1, reason: null });
  },
};
