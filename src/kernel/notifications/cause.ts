/** Who caused what an event tells of; kept with every event. */
export interface Cause {
  by: 'api' | 'submit' | 'notice' | 'check' | 'cancel' | 'after' | 'sweep' | 'operator' | 'import' | 'notify';
  /** The step's number on the job. */
  attempt?: number;
  /** The notice behind it. */
  delivery?: string;
  /** The API key behind it. */
  key?: string;
  /** True when a notice was expected and none is in the inbox. */
  repair?: boolean;
  requestId?: string;
}
