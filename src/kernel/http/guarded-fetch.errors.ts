/** Why a fetch of ours came to nothing, with the sentence that says so. A closed set: it may be a label or a column. */
const SENTENCES = {
  refused_address: (host: string) => `${host} has no address on the public internet`,
  refused_scheme: (host: string) => `${host} would have to be asked by another scheme than https`,
  dns: (host: string) => `the name ${host} could not be resolved`,
  connect: (host: string) => `no connection to ${host} could be made`,
  tls: (host: string) => `no trusted TLS connection to ${host} could be made`,
  timeout: (host: string) => `${host} did not answer in full in time`,
  closed: (host: string) => `${host} closed the connection before its answer was complete`,
  too_large: (host: string) => `the answer of ${host} is larger than what is taken`,
  too_many_redirects: (host: string) => `${host} redirects once more than is followed`,
  aborted: (host: string) => `the request to ${host} was given up on our side`,
  not_http: (host: string) => `what ${host} answered is not proper HTTP`,
} as const;

export type FetchFailure = keyof typeof SENTENCES;

export const FETCH_FAILURES = Object.keys(SENTENCES) as readonly FetchFailure[];

export interface FetchFailedDetails {
  /** What the system called it (`ECONNREFUSED`, `CERT_HAS_EXPIRED`); never a text of the other side. */
  code?: string;
  /** Another sentence than the usual one. */
  says?: string;
}

/** No answer, or none that is wanted. The message may be shown to anybody: of the URL it holds no more than the host. */
export class FetchFailed extends Error {
  readonly code?: string;

  constructor(
    readonly reason: FetchFailure,
    host: string,
    details: FetchFailedDetails = {},
  ) {
    const sentence = details.says ?? SENTENCES[reason](host.slice(0, 100));
    super(details.code === undefined ? sentence : `${sentence} (${details.code})`);
    this.name = 'FetchFailed';
    this.code = details.code;
  }
}
