import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import type { Provider, Type } from '@nestjs/common';
import { validateSync } from 'class-validator';

/** How one environment variable is described; the name of the property is the name of the variable. */
export interface KeyOptions {
  /** One line for people: goes into `.env.example`. */
  doc: string;
  /** Never logged, only "set" or "not set". */
  secret?: boolean;
  /** Older names that still work. */
  aliases?: readonly string[];
  example?: string;
}

export interface KeyDescription extends KeyOptions {
  name: string;
  default: unknown;
}

export type EnvClass<T extends object = object> = new () => T;
export type Environment = Record<string, string | undefined>;

const KEYS = Symbol('signalbox:env-keys');

/** Marks a property of an env class as an environment variable (also readable from the file named by `NAME_FILE`). */
export function Key(options: KeyOptions): PropertyDecorator {
  return (target, property) => {
    const keys =
      (Reflect.getOwnMetadata(KEYS, target) as Map<string, KeyOptions> | undefined) ?? new Map<string, KeyOptions>();
    keys.set(String(property), options);
    Reflect.defineMetadata(KEYS, keys, target);
  };
}

/** Every bad key of the environment at once, so that one boot shows all that must be mended. */
export class EnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'EnvironmentError';
  }
}

function keysOf(cls: EnvClass): Map<string, KeyOptions> {
  const keys = Reflect.getOwnMetadata(KEYS, cls.prototype as object) as Map<string, KeyOptions> | undefined;
  return keys ?? new Map<string, KeyOptions>();
}

/** The value of `NAME`, else the content of the file named by `NAME_FILE`, else the same for its aliases. */
function lookUp(name: string, options: KeyOptions, env: Environment, problems: string[]): string | undefined {
  for (const candidate of [name, ...(options.aliases ?? [])]) {
    const value = env[candidate];
    if (value !== undefined && value.trim() !== '') return value.trim();
    const file = env[`${candidate}_FILE`];
    if (file === undefined || file.trim() === '') continue;
    try {
      const content = readFileSync(file.trim(), 'utf8').trim();
      if (content !== '') return content;
      problems.push(`${candidate}_FILE: ${file} is empty`);
    } catch (error) {
      problems.push(`${candidate}_FILE: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
    }
  }
  return undefined;
}

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

function convert(name: string, raw: string, type: unknown, problems: string[]): unknown {
  if (type === Number) {
    const value = Number(raw);
    if (!Number.isFinite(value)) problems.push(`${name}: "${raw}" is not a number`);
    return value;
  }
  if (type === Boolean) {
    const word = raw.toLowerCase();
    if (!TRUE.has(word) && !FALSE.has(word)) problems.push(`${name}: "${raw}" is neither true nor false`);
    return TRUE.has(word);
  }
  if (type === Array) return raw.split(/[\s,]+/).filter((part) => part !== '');
  return raw;
}

function read<T extends object>(cls: EnvClass<T>, env: Environment): { value: T; problems: string[] } {
  const problems: string[] = [];
  const value = new cls();
  for (const [name, options] of keysOf(cls)) {
    const raw = lookUp(name, options, env, problems);
    if (raw === undefined) continue;
    const type: unknown = Reflect.getMetadata('design:type', cls.prototype as object, name);
    (value as Record<string, unknown>)[name] = convert(name, raw, type, problems);
  }
  const converted = new Set(problems.map((problem) => problem.split(':')[0]));
  for (const fault of validateSync(value, { skipMissingProperties: true, forbidUnknownValues: false })) {
    if (converted.has(fault.property)) continue;
    const name = `${fault.property} `;
    for (const message of Object.values(fault.constraints ?? {})) {
      problems.push(`${fault.property}: ${message.startsWith(name) ? message.slice(name.length) : message}`);
    }
  }
  return { value, problems };
}

/** Reads, converts, validates and freezes one owner's variables. @throws {EnvironmentError} naming every bad key. */
export function parseEnv<T extends object>(cls: EnvClass<T>, env: Environment = process.env): Readonly<T> {
  const { value, problems } = read(cls, env);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return Object.freeze(value);
}

/** Checks all owners together before anything starts. @throws {EnvironmentError} naming every bad key of all of them. */
export function checkEnvironment(classes: readonly EnvClass[], env: Environment = process.env): void {
  const problems = classes.flatMap((cls) => read(cls, env).problems);
  if (problems.length > 0) throw new EnvironmentError(problems);
}

/** What an owner can be told by the environment: for `.env.example`, the docs and the boot log. */
export function describeEnv(cls: EnvClass): KeyDescription[] {
  const defaults = new cls() as Record<string, unknown>;
  return [...keysOf(cls)].map(([name, options]) => ({ name, default: defaults[name], ...options }));
}

/** Which variables are set, never their values. */
export function keysThatAreSet(classes: readonly EnvClass[], env: Environment = process.env): string[] {
  return classes
    .flatMap((cls) => describeEnv(cls))
    .filter((key) => [key.name, ...(key.aliases ?? [])].some((name) => env[name] || env[`${name}_FILE`]))
    .map((key) => key.name);
}

/** What a composition root found out by itself (a started database, a stand-in's address) for all owners to read. */
export function setEnvironment(values: Environment): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** A Nest provider that injects the parsed class under its own name. */
export function provideEnv<T extends object>(cls: EnvClass<T>): Provider {
  return { provide: cls as Type<T>, useFactory: () => parseEnv(cls) };
}
