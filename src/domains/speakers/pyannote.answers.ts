import { outsideUrlFault } from '../../kernel/http/outside-url.js';
import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';
import type { Fields } from '../../kernel/http/json-fields.js';

/** The answer to a submit. */
export interface JobCreated {
  jobId: string;
  status: unknown;
  warning: string | null;
}

/** An output of any size, to be read once. */
export interface LargeOutput {
  /** The output's JSON text. @throws at its end when the job turns out not to have succeeded */
  text: AsyncIterable<Uint8Array>;
}

/** A job as the vendor shows it. Its status is whatever came: words are understood in one place only. */
export interface VendorJob {
  status: unknown;
  output: Fields | null;
  /** In place of `output`, where that is too large to be held. */
  large?: LargeOutput;
}

/** One line of the vendor's list: no output. */
export interface ListedJob {
  id: string;
  status: unknown;
  createdAt: Date | null;
}

export interface ListPage {
  items: readonly ListedJob[];
  nextCursor: string | null;
}

/** An id that can be kept in a column and put into a path: it looks like a uuid today, which nobody promised. */
export function isVendorId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-][\w.:-]{0,199}$/.test(value);
}

/** Null when the answer does not say which job was made. */
export function jobCreatedFrom(json: unknown): JobCreated | null {
  const fields = fieldsOf(json);
  if (!fields || !isVendorId(fields.jobId)) return null;
  return { jobId: fields.jobId, status: fields.status, warning: textOf(fields.warning) };
}

/** Null when it is not the object of a job. */
export function vendorJobFrom(json: unknown): VendorJob | null {
  const fields = fieldsOf(json);
  return fields && 'status' in fields ? { status: fields.status, output: fieldsOf(fields.output) } : null;
}

/** Null when it is not a page; lines without an id are left out. The key is `id` here, `jobId` everywhere else. */
export function listPageFrom(json: unknown): ListPage | null {
  const fields = fieldsOf(json);
  if (!fields || !Array.isArray(fields.items)) return null;
  return { items: fields.items.flatMap(listedJobFrom), nextCursor: textOf(fields.nextCursor) };
}

/**
 * The address to upload to; null when there is none that may be used. It is the vendor's word, but it does not lead into a
 * private network (unless the vendor itself is there), nor from https to http.
 */
export function presignedFrom(json: unknown, base: string): string | null {
  const text = textOf(fieldsOf(json)?.url);
  if (text === null || !URL.canParse(text)) return null;
  const [address, vendor] = [new URL(text), new URL(base)];
  if (address.protocol !== vendor.protocol && address.protocol !== 'https:') return null;
  return address.hostname === vendor.hostname || outsideUrlFault(text, []) === null ? text : null;
}

function listedJobFrom(item: unknown): ListedJob[] {
  const fields = fieldsOf(item);
  const id = fields?.id ?? fields?.jobId;
  return fields && isVendorId(id) ? [{ id, status: fields.status, createdAt: timeFrom(fields.createdAt) }] : [];
}

function timeFrom(value: unknown): Date | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time);
}
