import { Injectable } from '@nestjs/common';

/** Whether this process wants traffic: not before it has started, not once it has been told to stop. */
@Injectable()
export class Readiness {
  private state: 'starting' | 'ready' | 'stopping' = 'starting';

  started(): void {
    this.state = 'ready';
  }

  stopping(): void {
    this.state = 'stopping';
  }

  get current(): 'starting' | 'ready' | 'stopping' {
    return this.state;
  }
}
