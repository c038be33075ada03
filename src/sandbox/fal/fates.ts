import type { Fault, FaultStore } from '../faults/fault-store.js';
import { FATE_FAULTS, type FateFault, occasionOf, VENDOR } from './fault-catalogue.js';
import type { Job } from './job.js';

export type Fate = Partial<Record<FateFault, Fault>>;

const NAMES = Object.keys(FATE_FAULTS) as FateFault[];

/** Which faults lead a job astray. */
export class Fates {
  private readonly fates = new WeakMap<Job, Fate>();

  constructor(private readonly faults: FaultStore) {}

  /** For the next submit, whoever it is. */
  decide(job: Job): void {
    this.strike(job, () => true);
  }

  /** A fault that names the job may strike at any time. */
  of(job: Job): Fate {
    return this.strike(job, (fault) => fault.match.jobId === job.requestId);
  }

  private strike(job: Job, suits: (fault: Fault) => boolean): Fate {
    const fate = this.fates.get(job) ?? {};
    this.fates.set(job, fate);
    for (const name of NAMES) {
      if (fate[name] !== undefined) continue;
      const fault = this.faults.take(VENDOR, name, occasionOf(job), suits);
      if (fault === undefined) continue;
      fate[name] = fault;
      job.faults.push(name);
    }
    return fate;
  }
}
