/** The one file in a request, wherever it stands in it. */
export interface UploadBody {
  name?: string;
  mediaType?: string;
  /** Of the file; only where it is known before it has come. */
  length?: number;
  /** What the caller says the bytes must have. */
  sha256?: Buffer;
  bytes: AsyncIterable<Buffer>;
  /** Resolves when the whole body was as it should be. */
  whole(): Promise<void>;
  /** Nobody reads on. */
  abandon(): void;
}
