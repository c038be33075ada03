import type { Job } from '../job.entity.js';

/** `diarization_20261121_143000_<job>.json`: kind, the UTC time of settling, and the job; sorts by time within a kind. */
export function resultName(job: Pick<Job, 'id' | 'kind' | 'settledAt' | 'createdAt'>, extension: string): string {
  const time = (job.settledAt ?? job.createdAt).toISOString();
  const stamp = `${time.slice(0, 10).replaceAll('-', '')}_${time.slice(11, 19).replaceAll(':', '')}`;
  return `${job.kind}_${stamp}_${job.id}.${extension}`;
}
