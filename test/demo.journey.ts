import { dirname } from 'node:path';
import { Command } from './harness/command.js';
import { EmbeddedHomes } from './setup/embedded-homes.js';

describe('signalbox demo', () => {
  const homes = new EmbeddedHomes();
  afterAll(() => homes.cleanUp());

  it('takes the tour, is told of its job by a notification that it verifies, and ends with 0; the next time too', async () => {
    const cwd = dirname(await homes.make());
    for (let time = 0; time < 2; time++) {
      const { with: code, stdout, stderr } = await Command.run(['demo', '--exit', '--port', '0'], { cwd });
      expect({ code, stderr: stderr.replace('building…\n', '') }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(
        /webhook-id {2}[0-9a-f-]{36}\n {3}type {8}diarization\.succeeded\n {3}verified {4}yes, .*\n {3}job {9}[0-9a-f-]{36}, succeeded\n {3}speakers {4}SPEAKER_00, SPEAKER_01\n/,
      );
      expect(stdout).toMatch(/by check: no notice came, the vendor was asked/);
      expect(stdout).toMatch(
        / {2}training\.in_progress +by check\n +in_progress, [1-9]\d %\n.* training\.succeeded +by notice\n/,
      );
      expect(stdout).toMatch(/told: model\.ready, model [0-9a-f-]{36} \(verified, [0-9a-f-]{36}\)/);
      expect(stdout).toMatch(/pytorch_lora_weights\.safetensors +262144 bytes {2}SHA-256 [0-9a-f]{64}\n/);
      expect(stdout).toMatch(/^ {2}Anna .* turns\n {2}Ben {2}/m);
    }
  });
});
