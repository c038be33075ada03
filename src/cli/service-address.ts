import { parseEnv } from '../kernel/config/parse-env.js';
import { ClientEnv } from './client.env.js';
import { Mistake } from './mistake.js';
import type { Service } from './service-client.js';

/** Which service is meant, as commander hands it over. */
export interface ServiceOptions {
  url?: string;
  key?: string;
}

/** Where the service is and with which key it is called: by options, else by the environment. @throws {Mistake} */
export function serviceOf({ url, key }: ServiceOptions, signal: AbortSignal): Service {
  const address = serviceAddress(url);
  const given = key ?? parseEnv(ClientEnv).SIGNALBOX_KEY;
  if (given === '') throw new Mistake('no API key: give one as SIGNALBOX_KEY; signalbox keys create --name … makes it');
  if (!/^[\x21-\x7e]+$/.test(given)) throw new Mistake('the API key has characters that no key has');
  return { url: address, key: given, signal };
}

/** Where the service is, without a slash at its end. @throws {Mistake} */
export function serviceAddress(url: string | undefined): string {
  return httpAddress('--url', url ?? parseEnv(ClientEnv).SIGNALBOX_URL).replace(/\/+$/, '');
}

/** The text, if it is an address that can be called. @throws {Mistake} naming the option */
export function httpAddress(option: string, text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text;
  throw new Mistake(`${option}: "${text}" is no http or https address`);
}
