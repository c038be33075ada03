/** How many notifications of one endpoint this process sends at the same time. */
export const LANES = 4;

interface Lane {
  busy: number;
  /** Somebody came while all lanes were taken: whoever is in one looks once more before leaving. */
  knocked: boolean;
}

/** Bounds what one endpoint may hold up: a slow one has its own few lanes, one that fails has one. */
export class EndpointLanes {
  private readonly endpoints = new Map<string, Lane>();

  /** False when the endpoint's lanes are taken; those who are in them will find what the caller came for. */
  enter(endpointId: string, most: number): boolean {
    const lane = this.endpoints.get(endpointId) ?? { busy: 0, knocked: false };
    if (lane.busy >= most) {
      lane.knocked = true;
      return false;
    }
    lane.busy += 1;
    this.endpoints.set(endpointId, lane);
    return true;
  }

  /** Asked by who found nothing more to do: false when somebody knocked since, so it has to look again. */
  leave(endpointId: string, unlessKnocked: boolean): boolean {
    const lane = this.endpoints.get(endpointId);
    if (!lane) return true;
    if (unlessKnocked && lane.knocked) {
      lane.knocked = false;
      return false;
    }
    lane.busy -= 1;
    if (lane.busy === 0) this.endpoints.delete(endpointId);
    return true;
  }
}
