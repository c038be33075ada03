/** Why the built-in Postgres cannot serve: one sentence for the person at the terminal, naming the folder and the way out. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

const WAY_OUT = 'or set DATABASE_URL to a Postgres of your own';

const reasons: Record<string, (folder: string) => string> = {
  EACCES: (folder) => `${folder} cannot be read and written by this user; change its owner, ${WAY_OUT}`,
  EPERM: (folder) => `${folder} may not be changed by this user; change its owner, ${WAY_OUT}`,
  EROFS: (folder) => `${folder} is on a read-only file system; move the project, ${WAY_OUT}`,
  ENOSPC: (folder) => `The disk that holds ${folder} is full; free some space, ${WAY_OUT}`,
  EDQUOT: (folder) => `The disk quota for ${folder} is used up; free some space, ${WAY_OUT}`,
  ENOTDIR: (folder) => `${folder} has to be a folder, but a file is in its place; move that file away, ${WAY_OUT}`,
  EEXIST: (folder) => `${folder} has to be a folder, but a file is in its place; move that file away, ${WAY_OUT}`,
};

/** Turns what the operating system said about a folder into a sentence; what is not understood stays as it is. */
export function explainFileError(error: unknown, folder: string): unknown {
  if (error instanceof EmbeddedPostgresError) return error;
  const code = errorCode(error);
  const reason = code === undefined ? undefined : reasons[code];
  return reason === undefined ? error : new EmbeddedPostgresError(`${reason(folder)}.`, { cause: error });
}

/** By its shape: Jest runs tests in a realm of their own, where Node's errors are no instance of `Error`. */
export function errorCode(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The end of most sentences here: what a person can do when the built-in Postgres is of no use. */
export function orOwnPostgres(sentence: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(`${sentence}, ${WAY_OUT}.`, { cause });
}
