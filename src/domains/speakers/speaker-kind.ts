import type { KindSpec } from '../../kernel/jobs/provider.js';
import { DAY, MINUTE, SECOND } from '../../kernel/config/pace.js';
import type { Fields } from '../../kernel/http/json-fields.js';

/** The most audio that the vendor takes for one job. */
export interface AudioLimits {
  bytes: number;
  seconds: number;
}

/** What differs between the kinds of jobs that pyannoteAI does. A new kind is one of these. */
export interface SpeakerKind {
  kind: string;
  /** Where it is submitted. */
  path: string;
  /** Every documented option that a caller may set, under the vendor's name, which is ours too. */
  options: readonly string[];
  audio: AudioLimits;
  secret?: KindSpec['secret'];
  /** The vendor's body for what the caller asked for, without the address to call. */
  body(input: Readonly<Fields>): Fields;
  /** Whether the output would be too large for a notice: it is fetched instead, as is one with secrets in it. */
  isHuge(input: Readonly<Fields>): boolean;
  /** The vendor's output as our result; null when it is not usable. */
  result(output: Readonly<Fields>): Fields | null;
  /** The forms of a result beside JSON: `SPEAKER_FORMATS` where it tells who spoke when. */
  formats?: KindSpec['formats'];
}

/**
 * What the kernel knows about a kind. The output is deleted 24 h after completion, the notice is tried for 6 minutes, so
 * a job whose notice is lost is asked about long before its output is gone.
 */
export function specOf({ kind, secret, formats }: SpeakerKind): KindSpec {
  return {
    kind,
    deadline: DAY,
    checks: {
      withWebhook: { first: 2 * MINUTE, factor: 2, max: 10 * MINUTE },
      withoutWebhook: { first: 5 * SECOND, factor: 1.5, max: 10 * SECOND },
    },
    // `running` is a state of ours already; which of the first two comes first is not documented.
    phases: [
      { name: 'pending', rank: 0, announced: false },
      { name: 'created', rank: 0, announced: false },
      { name: 'processing', rank: 1, announced: false },
    ],
    resubmit: 'never',
    ...(secret ? { secret } : {}),
    ...(formats ? { formats } : {}),
  };
}
