import { findAmounts } from './amounts.js';
import { findDates } from './dates.js';
import { plain, skeleton } from './text-key.js';

/** What a row of the head of a receipt is about. */
export type RowKind =
  'registration' | 'taxNumber' | 'phone' | 'document' | 'date' | 'amount' | 'person' | 'rule' | 'text';

const REGISTRATION = [
  /^\W*\(?\s*(?:[a-z]{0,4}\W{0,2})?\d{4,12}\s?[-–~.]?\s?[a-z0-9]?\s*\)?\W*$/i,
  /^\W*\(?\s*(co|company|comp|br|brn|roc|rob|reg|registration|business|syarikat no|ssm)\b.*\d{4,}/i,
  /\bco(mpany)?\.?\s*reg|\breg(istration)?\W*(no|#)|company\s?no|business reg/i,
  /^\W*\d{12}\W*\(?\w{4,}/,
  /^\W*\(?\d{4,8}\s?-\s?[A-Z]\)|formerly known|^\W*licensee of/i,
];
const TAX_NUMBER =
  /(?<![a-z])[g6c][s5][t1l](?![a-z])|\bgst\s?(id|no|reg)|\bsst\b|gst(?![a-z])|no\s?d?gst|tax\s?(id|reg)|^\W*[g6]5t/i;
const PHONE = [
  /(?<![a-z])t[e3][l1i](?![a-z])|^\W*[tl1][eo]l\W|\S@\S+\.\w|www|https?:|\.com\b|e-?mail|website|facebook|hotline|careline|talian/i,
  /\bfax|\bh\/?p\b.*\d{5}|(phone|mobile|whatsapp|contact|customer service).*\d.*\d.*\d/i,
];
const PHONE_NUMBER = /^\W*(\+?6?0?\d{1,2}[\s-]{0,3}\d{3,4}[\s-]?\d{3,5})\W*|^\W*[\d\- /]{9,}\W*$/;
const DOCUMENT = [
  /invo[il]ce|inv\s?(no|oice|#)|receipt|resit|\bbill?\b|cash\s?sale|^\W*cash\W*$|^\W*cash\s?(bill|invoice|memo)|\bslip\b/i,
  /document|\bdoc\b|\btrn\b|\btrans|\border|guest\s?che|\btable\b|\bpax\b|check\s?#|\bdescription|\bitem\b|\bqty\b|\bprice/i,
  /welcome|thank|^\W*copy|duplicate|reprint|official|delivery|statement|^\W*posted\W*$|\bsite\W*\d|\bpos\b\s?(no|\d)/i,
];
const PERSON =
  /\bcashier|\bstaff|\bserved|\bserver|sales\s?person|operator|waiter|\bcounter|manager|president|\battn|\bmember|\bcustomer|^\W*to:|owned\s?by|bill\s?to|\bdate|tarikh|\btime\b/i;
/** "LOT 2811" has the form of a number of registration. */
const HOUSE = /^\W*(lot|p\.?\s?t\.?|no|unit|km)\b\.?\s?\d{1,5}[a-z]?\W*$/i;
const STREET = /jalan|jln|seksyen|section|lorong|\bss\s?\d/i;

export function kindOf(text: string): RowKind {
  if (/^\W*$/.test(text) || plain(text).length < 2) return 'rule';
  if (isPostcode(text) || HOUSE.test(text)) return 'text';
  if (REGISTRATION.some((sign) => sign.test(text))) return TAX_NUMBER.test(text) ? 'taxNumber' : 'registration';
  if (TAX_NUMBER.test(text) && (/\d{6}/.test(text.replace(/\s/g, '')) || plain(text).length < 10)) return 'taxNumber';
  if (isTaxNumber(text)) return 'taxNumber';
  if (PHONE.some((sign) => sign.test(text)) || PHONE_NUMBER.test(text)) return 'phone';
  if (DOCUMENT.some((sign) => sign.test(text))) return 'document';
  if (PERSON.test(text)) return 'person';
  if (findDates(text).length > 0 && !STREET.test(text)) return 'date';
  if (/\d{9,}/.test(text)) return 'registration';
  if (findAmounts(text).length > 0 && /\d\s?[.]\s?\d\d\W*\w?\W*$/.test(text)) return 'amount';
  return 'text';
}

const isPostcode = (text: string) => /^\W*\d{5}\W*$/.test(text);

/** "65T Reg No : 000423100416": the words are misread, the twelve digits are not. */
const isTaxNumber = (text: string) =>
  /\d{12}/.test(text.replace(/\s/g, '')) && /^.{0,3}(st|s1|5t|gst)|reg|lax/.test(skeleton(text));
