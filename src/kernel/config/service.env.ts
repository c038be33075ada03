import { IsIn, IsInt, IsNumber, IsUrl, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import ipaddr from 'ipaddr.js';
import { CRASH_POINTS } from './crash-point.js';
import { EnvRule } from './env-rule.js';
import { keyFault } from './key-bytes.js';
import { Key } from './parse-env.js';

export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

const IsMasterKey = () => EnvRule('masterKey', keyFault);

const ALONE = /^(true|false|\d+)$/i;
const NAMED = /^(loopback|linklocal|uniquelocal)$/;

/** What `TRUST_PROXY` may say: Fastify would stop at a wrong word with a stack. */
function proxiesFault(value: string): string | null {
  if (ALONE.test(value)) return null;
  const wrong = value
    .split(/[\s,]+/)
    .find((part) => !NAMED.test(part) && !ipaddr.isValid(part) && !ipaddr.isValidCIDR(part));
  return wrong === undefined ? null : `"${wrong}" is neither true, false, a hop count, an address nor a CIDR`;
}

/** What the process as a whole is told. */
export class ServiceEnv {
  @Key({
    doc: 'production refuses everything that is made for laptops: embedded Postgres, generated keys, the sandbox',
  })
  NODE_ENV: string = 'development';

  @Key({ doc: 'all, or one half of it beside others over one Redis: api answers requests, worker works and sweeps' })
  @IsIn(ROLES)
  ROLE: Role = 'all';

  @Key({ doc: 'Port of the REST API and the inbound webhooks (0 = any free one)', aliases: ['WEBHOOK_SERVER_PORT'] })
  @IsInt()
  @Min(0)
  @Max(65535)
  PORT: number = 8000;

  @Key({ doc: 'Moves health and metrics to a port of their own, away from the public one (0 = they stay there)' })
  @IsInt()
  @Min(0)
  @Max(65535)
  MANAGEMENT_PORT: number = 0;

  @Key({ doc: 'Seconds that SIGTERM leaves for work and answers in hand; keep it under Kubernetes’ grace period' })
  @IsInt()
  @Min(1)
  @Max(3600)
  SHUTDOWN_GRACE: number = 20;

  @Key({ doc: 'Address to listen on', aliases: ['WEBHOOK_SERVER_HOST'] })
  HOST: string = '0.0.0.0';

  @Key({
    doc: 'What vendors call: the public https address of this service. Without it jobs are settled by polling only',
    example: 'https://signalbox.example.com',
  })
  @ValidateIf((env: ServiceEnv) => env.PUBLIC_URL !== '')
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  PUBLIC_URL: string = '';

  @Key({
    doc: 'Which proxies may say the caller’s address: true, false, a hop count, or a list of addresses and CIDRs',
  })
  @EnvRule('proxies', proxiesFault)
  TRUST_PROXY: string = 'false';

  @Key({ doc: 'Where a laptop keeps its database, keys and files; made on the first start' })
  SIGNALBOX_HOME: string = '.signalbox';

  @Key({ doc: 'Vendors without a key are played by stand-ins; never in production' })
  SIGNALBOX_SANDBOX: boolean = false;

  @Key({ doc: 'Every interval is multiplied by this, so that days pass in seconds; with the sandbox only' })
  @IsNumber()
  @Max(1)
  @ValidateBy({
    name: 'positive',
    validator: { validate: (v: number) => v > 0, defaultMessage: () => 'must be above 0' },
  })
  SIGNALBOX_TIME_FACTOR: number = 1;

  @Key({ doc: 'Kills the process at the named commit boundary, for the crash journeys; with the sandbox only' })
  @IsIn(['', ...CRASH_POINTS])
  SIGNALBOX_CRASH_AT: string = '';

  @Key({ doc: 'Key from which all others are derived: 32 bytes or more as hex, base64 or text', secret: true })
  @IsMasterKey()
  SIGNALBOX_MASTER_KEY: string = '';

  @Key({ doc: 'The master key before the present one: still verifies what it once signed', secret: true })
  @IsMasterKey()
  SIGNALBOX_MASTER_KEY_PREVIOUS: string = '';

  @Key({ doc: 'trace, debug, info, warn, error or fatal' })
  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  LOG_LEVEL: string = 'info';
}
