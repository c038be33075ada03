/** A form, beside JSON, in which the results of a kind are given out. */
export interface ResultFormat {
  /** With its parameters: `text/csv; charset=utf-8; header=present`. */
  mediaType: string;
  /** Of the file name, without the dot before it. */
  extension: string;
  /** The fields of the result that it is made from; of a result too large to be held no others are read. */
  fields: readonly string[];
  /** The whole text. Pure. @throws a `Problem` that says what this result would need */
  render(result: Readonly<Record<string, unknown>>, about: ResultOf): string;
}

/** Whose result it is. */
export interface ResultOf {
  jobId: string;
}

/** What every kind offers: the result as it is. */
export const JSON_FORMAT = { name: 'json', mediaType: 'application/json; charset=utf-8', extension: 'json' } as const;
