/** Query parameters that prove something: their values never reach a log line. */
const SECRET_PARAMETERS = /([?&](?:k|token|secret|key|signature)=)[^&#]*/gi;

/** A URL as it may be logged. */
export function maskUrl(url: string): string {
  return url.includes('=') ? url.replace(SECRET_PARAMETERS, '$1***') : url;
}

/** Paths that pino blanks wherever they turn up in a log line. */
export const REDACTED_PATHS = [
  'authorization',
  'secret',
  'password',
  'apiKey',
  'headers.authorization',
  'headers["x-signature"]',
  '*.authorization',
  '*.secret',
  '*.password',
  '*.apiKey',
];
