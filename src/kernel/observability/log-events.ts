/**
 * What the wide lines of the log are about: a name that never changes, for those who filter. `docs/runbook.md` has each with an
 * example, and a test holds the two together.
 */
export const LOG_EVENTS = [
  'request.done',
  'delivery.received',
  'delivery.refused',
  'delivery.processed',
  'job.changed',
  'submit.done',
  'check.done',
  'followup.done',
  'handler.done',
  'notification.sent',
  'vendor.asked',
  'stream.done',
  'sweep.done',
] as const;
export type LogEvent = (typeof LOG_EVENTS)[number];

/** The kinds of units of work, each with what its line is about. */
export const UNIT_EVENTS = {
  submit: 'submit.done',
  check: 'check.done',
  process: 'delivery.processed',
  after: 'followup.done',
  handler: 'handler.done',
  send: 'notification.sent',
  sweep: 'sweep.done',
} as const satisfies Record<string, LogEvent>;
export type UnitName = keyof typeof UNIT_EVENTS;
