const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const DELIVERY_ID = '"deliveryId":"';
const NEW = '"duplicate":false';

export interface NoticeAnswer {
  status: number;
  /** The id under which the notice is kept; null unless it was acked as new. */
  deliveryId: string | null;
}

/** Reads the answers of one connection, one at a time. */
export class AnswerReader {
  private text = '';

  /** The answer, once it is complete. @throws when it has no length */
  read(chunk: string): NoticeAnswer | null {
    this.text = this.text === '' ? chunk : this.text + chunk;
    const head = this.text.indexOf(HEAD_END);
    if (head === -1) return null;
    const length = LENGTH.exec(this.text)?.[1];
    if (length === undefined) throw new Error(`an answer without a length: ${this.text.slice(0, 200)}`);
    if (this.text.length < head + HEAD_END.length + Number(length)) return null;
    const { text } = this;
    this.text = '';
    return { status: Number(text.slice(9, 12)), deliveryId: deliveryIdIn(text, head) };
  }
}

function deliveryIdIn(text: string, from: number): string | null {
  const at = text.indexOf(DELIVERY_ID, from);
  if (at === -1 || !text.includes(NEW, at)) return null;
  const start = at + DELIVERY_ID.length;
  return text.slice(start, text.indexOf('"', start));
}
