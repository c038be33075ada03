/** Why Redis is of no use to us, in one sentence that holds no address and no secret. */
export interface RedisFault {
  sentence: string;
  /** Waiting does not mend it: a wrong setting. At boot it is refused. */
  setting: boolean;
}

/** Effects of scripts are replicated, not the scripts: `TIME` before a write needs it. */
const OLDEST = 5;

const away = (sentence: string): RedisFault => ({ sentence, setting: false });
const setting = (sentence: string): RedisFault => ({ sentence, setting: true });

export const SILENT = away('Redis takes the connection and never answers');

const BY_MESSAGE: readonly (readonly [RegExp, RedisFault])[] = [
  [/WRONGPASS|invalid password|invalid username-password/i, setting('Redis refuses the password of REDIS_URL')],
  [/NOAUTH|Authentication required/i, setting('Redis wants a password and REDIS_URL has none')],
  [/NOPERM/, setting('the Redis user of REDIS_URL may not do what is needed')],
  [/Protocol error/i, setting('what answers where REDIS_URL points is no Redis')],
  [/DB index is out of range|invalid DB index/i, setting('Redis has no database of the number in REDIS_URL')],
  [/READONLY/, away('Redis is a replica that takes no writes')],
  [/LOADING/, away('Redis is loading its data')],
  [/ECONNREFUSED/, away('nothing answers where REDIS_URL points')],
  [/ENOTFOUND|EAI_AGAIN/, away('the host of REDIS_URL has no address')],
  [/ETIMEDOUT|timed? ?out/i, SILENT],
];

/** What an error of the client means; null for what says nothing (a closed connection may have any reason). */
export function faultOfError(error: unknown): RedisFault | null {
  const { message = '', code = '' } = (error ?? {}) as { message?: string; code?: string };
  return BY_MESSAGE.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1] ?? null;
}

export interface RedisFacts {
  version: string;
  /** Anything but `noeviction` lets Redis forget half of a bell. */
  evicts: boolean;
}

/** What `INFO` tells about a Redis, and why it will not do. */
export function readInfo(info: string): { facts: RedisFacts; fault: RedisFault | null } {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? '';
  const version = field('redis_version');
  const policy = field('maxmemory_policy');
  const facts = { version, evicts: policy !== '' && policy !== 'noeviction' };
  const major = Number.parseInt(version, 10);
  if (major < OLDEST) return { facts, fault: setting(`Redis ${version} is too old: ${OLDEST} or newer is needed`) };
  if (field('role') === 'slave') return { facts, fault: away('Redis is a replica that takes no writes') };
  return { facts, fault: null };
}
