const MICROS = 1_000_000;

/** US dollars as whole millionths of a dollar, whose sums are exact: three times 0.1 is 0.3. */
export const micros = (dollars: number): number => Math.round(dollars * MICROS);

/** To the millionth of a dollar. */
export const rounded = (dollars: number): number => micros(dollars) / MICROS;

export function sumOf(dollars: readonly number[]): number {
  return dollars.reduce((sum, price) => sum + micros(price), 0) / MICROS;
}

/** For people: at least cents, and no digit more than it has. */
export function inDollars(dollars: number): string {
  const digits = String(rounded(dollars)).split('.')[1]?.length ?? 0;
  return `${rounded(dollars).toFixed(Math.max(2, Math.min(digits, 6)))} USD`;
}
