/** Surely not taken by the vendor, may be later. */
export class NotNow extends Error {
  /** @param afterMs real milliseconds until it is worth another try */
  constructor(
    readonly afterMs?: number,
    message = 'the vendor cannot take it now',
  ) {
    super(message);
  }
}

/** The vendor's limit is used up: until then it has no place for any other job either. */
export class NoPlace extends NotNow {
  constructor(
    override readonly afterMs: number,
    message: string,
  ) {
    super(afterMs, message);
  }
}

/** Surely not taken, and never will be: the job fails with this code. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** The account's fault (bad key, no credit, locked): the job goes back, the provider's queue is held. */
export class Unavailable extends Error {
  /** @param afterMs real milliseconds to hold the queue; the kernel's own measure when absent */
  constructor(
    readonly reason: string,
    readonly afterMs?: number,
  ) {
    super(reason);
  }
}

/** What follows an event of a job will never come about by itself: it is not tried again, and the job shows why. */
export class GiveUp extends Error {}

/** The request is out and its answer is not known: the job becomes `unconfirmed`. Any other error means the same. */
export class Unclear extends Error {}
