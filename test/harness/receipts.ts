import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ReceiptResult } from '../../src/domains/photos/receipt.result.js';
import { ApiClient } from './api-client.js';
import type { Answer } from './api-client.js';
import { World } from './service.js';

export interface EntryAnswer {
  photo: number;
  page?: number;
  name?: string;
  id?: string;
  status?: string;
  result?: ReceiptResult;
  error?: { code: string; detail: string };
  links?: Record<string, string>;
}

export interface ReceiptsAnswer {
  batch: string;
  photos: EntryAnswer[];
  links: Record<string, string>;
  code?: string;
  detail?: string;
  errors?: { field: string; detail: string }[];
}

export interface Photo {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A receipt of our own that is shipped. */
export const sample = (name: string): Photo => ({
  name: `${name}.jpg`,
  bytes: new Uint8Array(readFileSync(resolve(__dirname, `../../samples/receipts/${name}.jpg`))),
});

export interface PostPhotos {
  url: string;
  key: string;
  fields?: Record<string, string>;
  headers?: Record<string, string>;
  query?: string;
}

/** As a browser would send them. */
export async function postPhotos(
  photos: readonly Photo[],
  { url, key, fields = {}, headers = {}, query = '' }: PostPhotos,
): Promise<Answer<ReceiptsAnswer>> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { name, bytes } of photos) form.append('photo', new Blob([bytes], { type: 'image/jpeg' }), name);
  const response = await fetch(new URL(`/v1/receipts${query}`, url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: form,
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as ReceiptsAnswer };
}

export interface ReceiptsWorld {
  world: World;
  key: string;
  api: ApiClient;
  post(photos: readonly Photo[], more?: Partial<PostPhotos>): Promise<Answer<ReceiptsAnswer>>;
  /** As JSON. */
  order(body: object, headers?: Record<string, string>): Promise<Answer<ReceiptsAnswer>>;
}

/** A service that reads photos in one thread, and a team that sends them. */
export async function receiptsWorld(name: string): Promise<ReceiptsWorld> {
  const env = { PHOTOS_TIMEOUT: '60', PHOTOS_WORKERS: '1' };
  const world = await (await World.create(name, { factor: 0.1, env })).start();
  const key = await world.key(['files:write', 'jobs:read', 'jobs:write']);
  const api = new ApiClient(world.url, key);
  return {
    world,
    key,
    api,
    post: (photos, more = {}) => postPhotos(photos, { url: world.url, key, ...more }),
    order: (body, headers) => api.post<ReceiptsAnswer>('/v1/receipts', body, headers),
  };
}
