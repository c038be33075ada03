import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/database.js';

/** Wakes those who read events: in this process at once, in the others by one coalesced NOTIFY, always after the commit. */
@Injectable()
export class StreamBell {
  private readonly listeners = new Set<() => void>();

  /** Told after each commit that wrote events of this process. Must not throw. */
  onRing(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Once for each transaction, however many events it writes. */
  ringAfter(tx: Transaction): void {
    tx.afterCommit(() => {
      for (const listener of this.listeners) listener();
    });
  }
}
