import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');

/** What the old server wrote for its n-th job: an hour and a bit apart, local time without a zone, indented. */
export function oldFile(n: number): { name: string; jobId: string; text: string } {
  const jobId = `00000000-0000-4000-8000-${pad(n, 12)}`;
  const output = outputOf(n);
  const type = 'voiceprint' in output ? 'voiceprint' : 'diarization';
  const time = new Date(Date.UTC(2025, 0, 1) + n * 3_601_000).toISOString().slice(0, 19);
  const text = JSON.stringify(
    {
      job_id: jobId,
      job_type: type,
      status: 'succeeded',
      timestamp: `${time}.123456`,
      output,
      retry_info: n % 5 === 0 ? { retry_num: 1, retry_reason: 'http_timeout' } : null,
    },
    null,
    2,
  );
  const stamp = `${time.slice(0, 10).replaceAll('-', '')}_${time.slice(11).replaceAll(':', '')}`;
  return { name: `${jobId}_${type}_${stamp}.json`, jobId, text };
}

/** Two diarizations, an identification (which has a diarization in it as well) and a voiceprint, in turn. */
export function outputOf(n: number): Record<string, unknown> {
  if (n % 4 === 3) return { voiceprint: printOf(n) };
  const diarization = [{ speaker: 'SPEAKER_00', start: 0.5, end: 1 + n }];
  if (n % 4 !== 2) return { diarization };
  return { diarization, identification: [{ diarizationSpeaker: 'SPEAKER_00', match: null, start: 0.5, end: 1 + n }] };
}

export const printOf = (n: number): string => `b2xkIHByaW50IG51bWJlciA${pad(n, 6)}`;

/** A folder that goes away with the test. */
export class OldResults {
  private constructor(readonly path: string) {}

  static async make(files = 0): Promise<OldResults> {
    const made = new OldResults(await mkdtemp(join(tmpdir(), 'signalbox-old-results-')));
    for (let n = 0; n < files; n++) {
      const { name, text } = oldFile(n);
      await made.write(name, text);
    }
    return made;
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.path, name), text);
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
