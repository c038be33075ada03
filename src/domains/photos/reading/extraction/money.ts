/** Money is counted in hundredths while it is compared, and given as a decimal string; never as a float. */
export const decimal = (hundredths: number) => {
  const whole = Math.floor(Math.abs(hundredths) / 100);
  return `${hundredths < 0 ? '-' : ''}${whole}.${String(Math.abs(hundredths) % 100).padStart(2, '0')}`;
};

export function hundredths(text: string): number {
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const value = Number(whole) * 100 + Number(part.padEnd(2, '0').slice(0, 2));
  return text.startsWith('-') ? -value : value;
}
