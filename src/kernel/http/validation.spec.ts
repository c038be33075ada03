import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsOptional, IsString, Min, ValidateNested } from 'class-validator';
import { Problem } from './problem.js';
import type { FieldError } from './problem.js';
import { AsGiven, IsTime, validationPipe } from './validation.js';

class Voice {
  @IsString()
  label: string;

  @IsOptional()
  @IsInt()
  @Min(0)
  rank?: number;
}

class Order {
  @IsString()
  url: string;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Voice)
  voices?: Voice[];

  @IsOptional()
  @ValidateNested()
  @Type(() => Voice)
  main?: Voice;

  @IsOptional()
  @IsString({ each: true })
  tags?: string[];

  @IsOptional()
  @IsIn(['a', 'b'], { message: 'must be a or b; to be told in time' })
  to?: string;
}

const read = (body: unknown): Promise<Order> =>
  validationPipe().transform(body, { type: 'body', metatype: Order }) as Promise<Order>;

async function faultsOf(body: unknown): Promise<readonly FieldError[]> {
  try {
    await read(body);
  } catch (error) {
    if (error instanceof Problem && error.getStatus() === 400) return error.extras.errors ?? [];
    throw error;
  }
  return [];
}

describe('a request body', () => {
  it('becomes an instance of its class, inside too', async () => {
    const order = await read({ url: 'x', voices: [{ label: 'a' }] });
    expect(order).toBeInstanceOf(Order);
    expect(order.voices?.[0]).toBeInstanceOf(Voice);
  });

  it('is told every field that is wrong, at once', async () => {
    expect(await faultsOf({ voices: [{ label: 'a' }, { label: 7, rank: -1 }], main: {} })).toEqual([
      { field: 'url', detail: 'must be a string' },
      { field: 'voices[1].label', detail: 'must be a string' },
      { field: 'voices[1].rank', detail: 'must not be less than 0' },
      { field: 'main.label', detail: 'must be a string' },
    ]);
  });

  it('is told two rules of one field in two sentences', async () => {
    const faults = await faultsOf({ url: 'x', voices: [{ label: 'a', rank: 'high' }] });
    expect(faults.map((fault) => fault.field)).toEqual(['voices[0].rank', 'voices[0].rank']);
  });

  it('may hold no field that we do not know, wherever it is', async () => {
    expect(await faultsOf({ url: 'x', ulr: 'y', voices: [{ label: 'a', lable: 'b' }] })).toEqual([
      { field: 'ulr', detail: 'unknown field; remove it' },
      { field: 'voices[0].lable', detail: 'unknown field; remove it' },
    ]);
  });

  it('is told about items of a list in whole sentences', async () => {
    expect(await faultsOf({ url: 'x', tags: ['a', 7] })).toEqual([
      { field: 'tags', detail: 'each value in tags must be a string' },
    ]);
  });

  it('is told a sentence of ours word by word, whatever the field is called', async () => {
    expect(await faultsOf({ url: 'x', to: 'c' })).toEqual([
      { field: 'to', detail: 'must be a or b; to be told in time' },
    ]);
  });

  it.each([
    ['a text', { url: 'x', voices: 'a' }],
    ['texts', { url: 'x', voices: ['a'] }],
    ['null', { url: 'x', voices: [null] }],
  ])('may not hold %s where objects are wanted', async (_, body) => {
    const [fault] = await faultsOf(body);
    expect(fault?.field).toMatch(/^voices/);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a number', 7],
    ['a text', 'x'],
    ['nothing', undefined],
  ])('may not be %s', async (_, body) => {
    await expect(read(body)).rejects.toBeInstanceOf(Problem);
  });

  it('says it all in one sentence as well', async () => {
    await expect(read({ main: { label: 1 } })).rejects.toThrow('url: must be a string; main.label: must be a string');
  });
});

class Span {
  @IsOptional()
  @IsTime()
  after?: Date;

  @IsOptional()
  @AsGiven()
  labels?: Record<string, string>;
}

const readSpan = (query: unknown): Promise<Span> =>
  validationPipe().transform(query, { type: 'query', metatype: Span }) as Promise<Span>;

describe('a moment in a query', () => {
  it.each([
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T10:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:00:00.5+02:00', '2026-11-21T08:00:00.500Z'],
  ])('may be %s', async (text, iso) => {
    expect((await readSpan({ after: text })).after?.toISOString()).toBe(iso);
  });

  it.each([
    ['12/11/2025'],
    ['2026'],
    ['2026-13-01'],
    ['2026-11-21T10:00:00'],
    ['1763683200000'],
    ['yesterday'],
    [''],
    [['2026-11-21', '2026-11-22']],
  ])('may not be %j', async (after) => {
    await expect(readSpan({ after })).rejects.toThrow('after: must be an ISO 8601 time with its zone, or a day');
  });
});

describe('a field whose names are the caller’s own', () => {
  it('keeps names that all objects have', async () => {
    const labels = { toString: 'a', valueOf: 'b', hasOwnProperty: 'c' };
    expect((await readSpan({ labels })).labels).toEqual(labels);
  });
});
