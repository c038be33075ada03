import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hiss, silence, voice, wav } from '../testing/synthetic-sound.js';
import { hear } from './hear.js';
import { tellVoicesApart } from './voices.js';

const examples = join(__dirname, '../../../examples/audio');

interface Plan {
  turns: { voice: 'low' | 'high'; start: number; end: number }[];
}

describe('the shipped example', () => {
  const plan = JSON.parse(readFileSync(join(examples, 'two-voices.json'), 'utf8')) as Plan;

  it('is heard as two voices whose turns are the ones its generator planned', async () => {
    const heard = await hear(readFileSync(join(examples, 'two-voices.wav')));
    const { voices, ofStretch } = tellVoicesApart(heard.stretches);

    expect(voices).toHaveLength(2);
    expect(ofStretch).toEqual(plan.turns.map((turn) => (turn.voice === 'low' ? 0 : 1)));
    heard.stretches.forEach((stretch, index) => {
      expect(Math.abs(stretch.start - (plan.turns[index]?.start ?? 0))).toBeLessThan(0.15);
      expect(Math.abs(stretch.end - (plan.turns[index]?.end ?? 0))).toBeLessThan(0.15);
    });
  });

  it('comes out of its generator byte for byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'two-voices-'));
    execFileSync(process.execPath, [join(examples, 'make-two-voices.mjs'), folder]);
    for (const file of ['two-voices.wav', 'two-voices.json']) {
      expect(readFileSync(join(folder, file)).equals(readFileSync(join(examples, file)))).toBe(true);
    }
    rmSync(folder, { recursive: true });
  });
});

describe('listening', () => {
  it('splits at a hand-over without a pause, at any rate and with any number of channels', async () => {
    const samples = [0.5, 110, 1, 220, 0.8, 0.5];
    const [lead = 0, low = 0, first = 0, high = 0, second = 0, tail = 0] = samples;
    for (const rate of [8_000, 11_025, 44_100]) {
      const speech = [...voice(low, first, rate), ...voice(high, second, rate)];
      const sound = [...silence(lead, rate), ...speech, ...silence(tail, rate)];
      const { stretches, seconds } = await hear(wav(sound, { rate, channels: 2, bits: 24 }));
      expect(seconds).toBeCloseTo(2.8, 3);
      expect(stretches.map(({ start, end }) => [start.toFixed(1), end.toFixed(1)])).toEqual([
        ['0.5', '1.5'],
        ['1.5', '2.3'],
      ]);
      expect((stretches[1]?.pitch ?? 0) - (stretches[0]?.pitch ?? 0)).toBeCloseTo(12, 0);
    }
  });

  it('does not take a burst of noise for speech', async () => {
    const { stretches } = await hear(wav([...silence(0.5), ...hiss(1, 0.3), ...silence(0.5)]));
    expect(stretches).toEqual([]);
  });
});
