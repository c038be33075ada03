import { EnvironmentError } from '../kernel/config/parse-env.js';
import { EmbeddedPostgresError } from '../kernel/database/embedded/embedded-postgres.js';
import { Problem } from '../kernel/http/problem.js';
import { Mistake } from './mistake.js';

const SENTENCES: Record<string, (error: NodeJS.ErrnoException & { port?: number }) => string> = {
  EADDRINUSE: (error) => `Port ${error.port} is taken by another program; choose one with --port (0 = any free one).`,
  EACCES: (error) => `Not allowed: ${error.message}`,
  ECONNREFUSED: (error) => `Nothing answers where DATABASE_URL points (${error.message}).`,
  '28P01': () => 'Postgres refused the password in DATABASE_URL.',
  '3D000': (error) => `The database of DATABASE_URL does not exist: ${error.message}`,
};

/** What went wrong, for a person: sentences for what people can mend, the stack for what they cannot. */
export function explain(error: unknown): string {
  if (error instanceof EnvironmentError || error instanceof EmbeddedPostgresError) return error.message;
  if (error instanceof Mistake) return error.message;
  if (error instanceof Problem) return error.detail;
  // Of a host with several addresses: it has the code of the first error and no message.
  if (error instanceof AggregateError && error.errors.length > 0) return explain(error.errors[0]);
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const sentence = SENTENCES[code];
  if (sentence) return sentence(error as NodeJS.ErrnoException);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
