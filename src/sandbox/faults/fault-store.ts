import { randomUUID } from 'node:crypto';

export type ParamKind = 'number' | 'boolean' | 'string' | 'json' | readonly string[];

/** Every fault a vendor's stand-in can be told to commit, with its parameters. */
export type FaultCatalogue = Record<string, Record<string, ParamKind>>;

export interface Fault {
  id: string;
  vendor: string;
  fault: string;
  /** null: until cleared. */
  times: number | null;
  struck: number;
  match: { jobId?: string; url?: string };
  params: Record<string, unknown>;
}

/** What is going on right now, for a fault to be compared with. */
export interface Occasion {
  jobId?: string | undefined;
  urls?: readonly (string | undefined)[];
}

export class FaultStore {
  private readonly catalogues = new Map<string, FaultCatalogue>();
  private faults: Fault[] = [];

  register(vendor: string, catalogue: FaultCatalogue): void {
    this.catalogues.set(vendor, catalogue);
  }

  catalogue(vendor: string): FaultCatalogue | undefined {
    return this.catalogues.get(vendor);
  }

  names(): Record<string, FaultCatalogue> {
    return Object.fromEntries(this.catalogues);
  }

  add(fault: Omit<Fault, 'id' | 'struck'>): Fault {
    const added = { id: randomUUID(), struck: 0, ...fault };
    this.faults.push(added);
    return added;
  }

  list(): Fault[] {
    return this.faults.filter((fault) => !isSpent(fault));
  }

  remove(id: string): boolean {
    const before = this.faults.length;
    this.faults = this.faults.filter((fault) => fault.id !== id);
    return this.faults.length < before;
  }

  clear(): void {
    this.faults = [];
  }

  /** The oldest fault of that name that fits; taking it uses it up once. */
  take(
    vendor: string,
    name: string,
    occasion: Occasion,
    suits: (fault: Fault) => boolean = () => true,
  ): Fault | undefined {
    const found = this.faults.find(
      (fault) =>
        fault.vendor === vendor && fault.fault === name && !isSpent(fault) && fits(fault, occasion) && suits(fault),
    );
    if (found === undefined) return undefined;
    found.struck += 1;
    if (isSpent(found)) this.remove(found.id);
    return found;
  }
}

function isSpent(fault: Fault): boolean {
  return fault.times !== null && fault.struck >= fault.times;
}

function fits(fault: Fault, occasion: Occasion): boolean {
  const { jobId, url } = fault.match;
  if (jobId !== undefined && jobId !== occasion.jobId) return false;
  return url === undefined || (occasion.urls ?? []).some((candidate) => candidate?.includes(url) === true);
}

export function numberOf(fault: Fault, name: string, otherwise: number): number {
  const value = fault.params[name];
  return typeof value === 'number' ? value : otherwise;
}

export function stringOf(fault: Fault, name: string, otherwise: string): string {
  const value = fault.params[name];
  return typeof value === 'string' ? value : otherwise;
}
