export type PhotoRefusalCode =
  | 'photo_empty'
  | 'photo_too_large'
  | 'photo_type_unsupported'
  | 'heic_unsupported'
  | 'pdf_not_a_photo'
  | 'pdf_locked'
  | 'pdf_unreadable'
  | 'photo_unreadable'
  | 'photo_too_many_pixels'
  | 'photo_too_small'
  | 'photo_too_narrow';

export interface Refusal {
  code: PhotoRefusalCode;
  status: 413 | 415 | 422;
  /** Names what is wrong and what to send instead. */
  detail: string;
}

const STATUS: Record<PhotoRefusalCode, Refusal['status']> = {
  photo_empty: 422,
  photo_too_large: 413,
  photo_type_unsupported: 415,
  heic_unsupported: 415,
  pdf_not_a_photo: 415,
  pdf_locked: 422,
  pdf_unreadable: 422,
  photo_unreadable: 422,
  photo_too_many_pixels: 413,
  photo_too_small: 422,
  photo_too_narrow: 422,
};

/** The sender's fault: running it again gives the same answer. */
export class PhotoRefusal extends Error {
  constructor(
    readonly code: PhotoRefusalCode,
    readonly detail: string,
  ) {
    super(detail);
  }

  get refusal(): Refusal {
    return { code: this.code, status: STATUS[this.code], detail: this.detail };
  }
}
