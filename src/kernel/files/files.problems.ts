import { Problem } from '../http/problem.js';

export const fileTooLarge = (most: number) =>
  new Problem(413, 'file_too_large', `the file is larger than the ${most} bytes that one upload may have`);

export const emptyFile = () => new Problem(400, 'empty_file', 'the file has 0 bytes; send its content as the body');

export const uploadIncomplete = () =>
  new Problem(400, 'upload_incomplete', 'the upload broke off before its end; nothing of it was kept, send it again');

export const digestMismatch = (got: Buffer) =>
  new Problem(400, 'digest_mismatch', `the bytes that came have the SHA-256 ${got.toString('hex')}; send them again`);

export const invalidMultipart = (detail: string) => new Problem(400, 'invalid_multipart', detail);

export const storageFull = () =>
  new Problem(507, 'storage_full', 'there is no room for this file; delete files, or ask the operator for more', {
    retryAfter: 60,
  });

/** The store is somebody else's, and away or unwilling: nothing is lost, and nothing is known. */
export const storageUnavailable = () =>
  new Problem(503, 'storage_unavailable', 'the storage of files does not answer; nothing was lost, try again', {
    retryAfter: 15,
  });

export const fileGone = () => new Problem(410, 'file_gone', 'the file has expired or was deleted; upload it again');

export const fileLost = () =>
  new Problem(410, 'file_lost', 'the bytes of this file are no longer on our disk; upload it again');

export const rangeNotSatisfiable = (size: number) =>
  new Problem(416, 'range_not_satisfiable', `the file has ${size} bytes, and none in this range`, {
    headers: { 'Content-Range': `bytes */${size}` },
  });

/** The disk itself is full: same meaning as our own quota. */
export function isDiskFull(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
