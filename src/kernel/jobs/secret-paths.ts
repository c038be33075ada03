/** How a secret is named: `voiceprint`, `voice.print`, `voiceprints[].voiceprint` for every item of a list. */
export const SECRET_PATH = /^[A-Za-z]\w*(\[\])?(\.[A-Za-z]\w*(\[\])?)*$/;

type Work = (secret: unknown, at: string) => unknown;

/**
 * A copy of the value in which `work` has replaced whatever is at the path; `at` says where exactly (`voiceprints[2].voiceprint`).
 * What becomes undefined is left out. Where the value has another shape than the path expects, all that is there counts as
 * the secret, so that a vendor's change of mind reveals nothing. Where nothing is, nothing happens.
 */
export function atSecretPath(value: unknown, path: string, work: Work): unknown {
  return walk(value, path.replaceAll('[]', '.[]').split('.'), '', work);
}

function walk(value: unknown, [step, ...rest]: readonly string[], at: string, work: Work): unknown {
  if (step === undefined) return work(value, at);
  if (step === '[]') {
    return Array.isArray(value)
      ? value.map((item: unknown, index) => walk(item, rest, `${at}[${index}]`, work))
      : work(value, at);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return work(value, at);
  if (!Object.hasOwn(value, step)) return value;
  const { [step]: inner, ...others } = value as Record<string, unknown>;
  const replaced = walk(inner, rest, at === '' ? step : `${at}.${step}`, work);
  return replaced === undefined ? others : { ...others, [step]: replaced };
}
