const WIDTH = 10;

/** A line of the progress bar that trainers written in Python leave in their logs. */
export function tqdm(step: number, steps: number, milliseconds: number): string {
  const part = steps === 0 ? 1 : step / steps;
  const percent = String(Math.floor(part * 100)).padStart(3);
  const bar = '█'.repeat(Math.floor(part * WIDTH)).padEnd(WIDTH);
  const seconds = milliseconds / 1000;
  const rate = seconds > 0 ? (step / seconds).toFixed(2) : '?';
  const left = part > 0 ? seconds / part - seconds : 0;
  return `${percent}%|${bar}| ${step}/${steps} [${clock(seconds)}<${clock(left)}, ${rate}it/s]`;
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return [Math.floor(whole / 60), whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
