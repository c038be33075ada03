import { EnvironmentError } from './parse-env.js';
import { ServiceEnv } from './service.env.js';

/** What must not be combined. Returns nothing. @throws {EnvironmentError} with one sentence per forbidden combination. */
export function refuseUnsafe(env: Readonly<ServiceEnv>): void {
  const problems: string[] = [];
  const production = env.NODE_ENV === 'production';
  if (production && env.SIGNALBOX_SANDBOX) {
    problems.push('SIGNALBOX_SANDBOX: stand-ins for vendors are refused with NODE_ENV=production; unset it');
  }
  if (production && env.SIGNALBOX_MASTER_KEY === '') {
    problems.push('SIGNALBOX_MASTER_KEY: required with NODE_ENV=production, for example from `openssl rand -hex 32`');
  }
  if (env.SIGNALBOX_TIME_FACTOR !== 1 && !env.SIGNALBOX_SANDBOX) {
    problems.push('SIGNALBOX_TIME_FACTOR: allowed only with SIGNALBOX_SANDBOX=true; unset it');
  }
  if (env.SIGNALBOX_CRASH_AT !== '' && !env.SIGNALBOX_SANDBOX) {
    problems.push('SIGNALBOX_CRASH_AT: allowed only with SIGNALBOX_SANDBOX=true; unset it');
  }
  if (/^http:/i.test(env.PUBLIC_URL) && !env.SIGNALBOX_SANDBOX) {
    problems.push('PUBLIC_URL: vendors refuse plain http; give an https address');
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
}
