import { randomUUID } from 'node:crypto';
import type { EventType } from '../kernel/notifications/event-types.js';
import { signedMessage } from './forwarder.js';
import { interrupted } from './interrupted.js';
import { Mistake } from './mistake.js';
import { isSuccess, post } from './post.js';
import type { Message } from './post.js';
import { builtInTypes, sampleMessage } from './samples/event-samples.js';
import { VENDOR_NOTICES } from './samples/vendor-notices.js';
import type { VendorNotice } from './samples/vendor-notice.js';
import { httpAddress, serviceAddress, serviceOf } from './service-address.js';
import type { ServiceOptions } from './service-address.js';
import { ServiceClient } from './service-client.js';
import { asCurl } from './curl-line.js';
import { signingSecret } from './signing-secret.js';

export interface TriggerOptions extends ServiceOptions {
  to?: string;
  secret?: string;
  status?: string;
  job?: string;
}

/** Of a service that does not answer. */
const PATIENCE_MS = 5_000;
const PLACEHOLDER = 'http://localhost:3000/hook';
const tell = (line: string) => console.error(line);

/** @throws {Mistake} */
export async function trigger(type: string | undefined, options: TriggerOptions): Promise<void> {
  const signal = interrupted();
  if (type === undefined) return list(await knownTypes(options, signal, tell));
  const vendor = Object.hasOwn(VENDOR_NOTICES, type) ? VENDOR_NOTICES[type] : undefined;
  if (vendor) return sendNotice(type, vendor, options, signal);
  if (options.status !== undefined || options.job !== undefined)
    throw new Mistake('--status and --job are for the notices of vendors; an event has its status in its type');
  await sendEvent(type, options, signal);
}

function list(types: readonly EventType[]): void {
  const vendors = Object.entries(VENDOR_NOTICES).map(([type, { about, statuses }]) => ({
    type,
    about: `${about} (--status ${statuses.join(', ')})`,
  }));
  const all = [...types, ...vendors];
  const width = Math.max(...all.map(({ type }) => type.length));
  for (const { type, about } of all) console.log(`${type.padEnd(width)}  ${about}`);
}

/** The service’s, where one can be asked; `told` hears why not. */
async function knownTypes(
  options: ServiceOptions,
  signal: AbortSignal,
  told: (line: string) => void = () => undefined,
): Promise<readonly EventType[]> {
  try {
    const service = serviceOf(options, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
    return (await new ServiceClient(service).get<{ items: EventType[] }>('/v1/event-types', 1)).items;
  } catch (error) {
    if (!(error instanceof Mistake) || signal.aborted) throw error;
    told(`those that this version knows; the service was not asked: ${error.message}`);
    return builtInTypes();
  }
}

async function sendEvent(type: string, options: TriggerOptions, signal: AbortSignal): Promise<void> {
  const to = options.to === undefined ? null : httpAddress('--to', options.to);
  const { secret, isNew } = signingSecret(options.secret);
  const known = (await knownTypes(options, signal)).map((one) => one.type);
  const sample = known.includes(type) ? sampleMessage(type, new Date()) : null;
  if (!sample) {
    const vendors = Object.keys(VENDOR_NOTICES);
    throw new Mistake(`there is no event type ${type}; there is ${[...known, ...vendors].join(', ')}`);
  }
  const message = signedMessage(`sample_${randomUUID()}`, JSON.stringify(sample), secret);
  if (isNew) tell(`signed with a new secret, to be given to the receiver: ${secret}`);
  if (to !== null) return send(to, message, signal);
  for (const [name, value] of Object.entries(message.headers)) console.log(`${name}: ${value}`);
  console.log(`\n${message.body}\n\n${asCurl(PLACEHOLDER, message)}`);
}

async function sendNotice(
  name: string,
  vendor: VendorNotice,
  { url, to, secret: given, status = 'succeeded', job = vendor.newJobId() }: TriggerOptions,
  signal: AbortSignal,
): Promise<void> {
  if (!vendor.statuses.includes(status))
    throw new Mistake(`--status: ${name} has ${vendor.statuses.join(', ')}, and no ${status}`);
  const secret = given ?? vendor.secret();
  if (secret === undefined || secret === '')
    throw new Mistake(`nothing to sign with: give the secret of the service as --secret or ${vendor.secretKey}`);
  const address = to === undefined ? `${serviceAddress(url)}${vendor.path}` : httpAddress('--to', to);
  await send(address, vendor.write({ status, job, secret }), signal);
}

/** What was answered, on standard output. */
async function send(to: string, message: Message, signal: AbortSignal): Promise<void> {
  const answer = await post(to, message, signal);
  if (signal.aborted) throw new Mistake('interrupted');
  console.log(`${to}: ${answer.says}`);
  if (answer.text !== '') console.log(answer.text.trimEnd());
  if (!isSuccess(answer)) process.exitCode = 1;
}
