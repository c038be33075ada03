import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hear } from './hear.js';
import { tellVoicesApart } from './voices.js';

const examples = join(__dirname, '../../../examples/audio');

interface Plan {
  turns: { voice: 'low' | 'high'; start: number; end: number }[];
}

describe('listening to the shipped example', () => {
  const plan = JSON.parse(readFileSync(join(examples, 'two-voices.json'), 'utf8')) as Plan;

  it('finds the two voices and their turns as the generator planned them', async () => {
    const heard = await hear(readFileSync(join(examples, 'two-voices.wav')));
    const { voices, ofStretch } = tellVoicesApart(heard.stretches);

    expect(voices).toHaveLength(2);
    expect(ofStretch).toEqual(plan.turns.map((turn) => (turn.voice === 'low' ? 0 : 1)));
    heard.stretches.forEach((stretch, index) => {
      expect(Math.abs(stretch.start - (plan.turns[index]?.start ?? 0))).toBeLessThan(0.15);
      expect(Math.abs(stretch.end - (plan.turns[index]?.end ?? 0))).toBeLessThan(0.15);
    });
  });
});
