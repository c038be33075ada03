/** Whom an event is about, and who may hear of it. */
export interface Subject {
  jobId: string | null;
  teamId: string;
  /** What endpoints filter by. */
  kind?: string | null;
  labels?: Readonly<Record<string, string>>;
  /** The unlisted endpoint that the job itself named. */
  notifyEndpoint?: string | null;
}

export interface NewEvent {
  type: string;
  /** For the timeline. */
  what?: Record<string, unknown>;
  /** What the team is told, under 20 KB as JSON. With it the event is announced: to endpoints, and on the team's stream. */
  data?: Record<string, unknown>;
  /** Instead of the subscribers: one endpoint, or all of the team but one, whatever they subscribed to. */
  to?: { only: string } | { allBut: string };
}
