import { diarization } from './diarization.kind.js';
import { identification } from './identification.kind.js';
import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';
import type { Fields } from '../../kernel/http/json-fields.js';
import { isVendorId } from './pyannote.answers.js';
import { ended } from './pyannote.changes.js';
import { standingOf } from './pyannote.words.js';
import type { SpeakerKind } from './speaker-kind.js';
import { voiceprint } from './voiceprint.kind.js';

/** What a results file tells of the job behind it. */
export interface OldResult {
  kind: string;
  status: 'succeeded' | 'failed';
  /** The vendor's id of the job; null where the file does not have it. */
  vendorId: string | null;
  /** What the file says of its time, whatever it is. */
  time: unknown;
  result: Fields | null;
  error: { code: string; message: string } | null;
}

/** The old server's words and ours; its word counts only where the output does not tell. */
const NAMES: Readonly<Record<string, SpeakerKind>> = {
  diarization,
  diarize: diarization,
  identify: identification,
  identification,
  voiceprint,
};

/**
 * Reads one JSON value of a results file. Known shapes: what the old server wrote (`{job_id, job_type, status, timestamp,
 * output, retry_info}`), the vendor's own notice or job (`{jobId, status, output, createdAt, updatedAt}`), and an output
 * alone (`{diarization: […]}`), as our `RESULTS_DIR` has it. @returns a sentence in place of the result for any other
 */
export function oldResultFrom(json: unknown): OldResult | string {
  const fields = fieldsOf(json);
  if (!fields) return 'holds no JSON object, so it is no result';
  const wrapped = 'status' in fields || 'output' in fields;
  const output = wrapped ? fieldsOf(fields.output) : fields;
  const standing = wrapped ? standingOf(fields.status ?? 'succeeded') : { ended: 'succeeded' as const };
  if (!standing) return 'has a status that pyannote does not document';
  if ('open' in standing) return `is not finished: its status is ${standing.open}`;
  const kind = kindOf(output) ?? kindNamed(fields.job_type);
  if (!kind) return 'has no output that Signalbox knows: neither diarization, nor identification, nor voiceprint';
  const told = { kind: kind.kind, vendorId: vendorIdOf(fields), time: timeOf(fields) };
  if (standing.ended !== 'succeeded') {
    const { error } = ended(standing.ended, output);
    return { ...told, status: 'failed', result: null, error: error ?? null };
  }
  const result = output && kind.result(output);
  if (!result) return `says succeeded but has no usable ${kind.kind}`;
  return { ...told, status: 'succeeded', result, error: null };
}

/** By content: the old server called every identification a diarization, because its output has both. */
function kindOf(output: Fields | null): SpeakerKind | null {
  if (!output) return null;
  if (Array.isArray(output.identification) || Array.isArray(output.voiceprints)) return identification;
  if (textOf(output.voiceprint) !== null) return voiceprint;
  return Array.isArray(output.diarization) ? diarization : null;
}

function kindNamed(name: unknown): SpeakerKind | null {
  const word = textOf(name)?.toLowerCase() ?? '';
  return Object.hasOwn(NAMES, word) ? (NAMES[word] ?? null) : null;
}

function vendorIdOf(fields: Fields): string | null {
  return [fields.job_id, fields.jobId].find(isVendorId) ?? null;
}

const timeOf = (fields: Fields): unknown => fields.timestamp ?? fields.updatedAt ?? fields.createdAt;
