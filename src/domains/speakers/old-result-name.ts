const OURS =
  /^(?:diarization|identification|voiceprint)_\d{8}_\d{6}_([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\.json$/;
const STAMP = /(?:^|_)(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})(?=[_.]|$)/;

/** The job's own id, where a Signalbox named the file (`diarization_20261121_143000_<job>.json`). */
export function ownIdIn(name: string): string | null {
  return OURS.exec(name)?.[1] ?? null;
}

/**
 * When the job was settled: what the file says inside, else the stamp in its name, else when it was last written. A time
 * without a zone counts in the zone of this process (`TZ`), in UTC where a Signalbox named the file; none is later than `now`.
 */
export function settledAt(time: unknown, name: string, written: Date, now: Date): Date {
  const said = typeof time === 'string' ? new Date(time) : null;
  const found = [said, stampIn(name), written].find((date) => date && date.getTime() >= 0) ?? now;
  return found > now ? now : found;
}

function stampIn(name: string): Date | null {
  const [, year, month, day, hour, minute, second] = STAMP.exec(name) ?? [];
  if (year === undefined) return null;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  return new Date(ownIdIn(name) === null ? text : `${text}Z`);
}
