import { FalStage, told } from '../testing/fal-stage.js';
import { until } from '../testing/receiver.js';

interface Output {
  diffusers_lora_file: { url: string };
}

describe('a training of fal.ai', () => {
  let stage: FalStage;

  beforeAll(async () => (stage = await FalStage.build(0.001)));
  afterAll(() => stage.tearDown());
  beforeEach(() => stage.renew());

  const outputOf = async (id: string) => {
    await stage.ended(id);
    return (await stage.result(id)).body as unknown as Output;
  };

  it('never ends, or is forgotten', async () => {
    await stage.fault('hang');
    const hanging = await stage.submit();
    await stage.ended(await stage.submit());
    await until(async () => JSON.stringify(await stage.status(hanging, '?logs=1')).includes('100%'), 'the last line');
    expect((await stage.status(hanging)).body.status).toBe('IN_PROGRESS');
    await stage.fault('forget', { match: { jobId: hanging } });
    expect((await stage.status(hanging)).body).toEqual({ status: 'NOT_FOUND' });
  });

  it('no longer has its result', async () => {
    const id = await stage.submit();
    await stage.ended(id);
    await stage.fault('result-expired', { match: { jobId: id } });
    expect((await stage.result(id)).status).toBe(404);
    expect((await stage.status(id)).body.status).toBe('COMPLETED');
  });

  it('tells of its end before its status knows', async () => {
    await stage.fault('status-lag', { ms: 400 });
    const id = await stage.submit();
    await stage.receiver.wait(1);
    const late = await stage.status(id);
    expect([late.status, late.body.status]).toEqual([202, 'IN_PROGRESS']);
    await stage.ended(id);
  });

  it('has a status that nobody knows', async () => {
    await stage.fault('unknown-status', { status: 'PAUSED' });
    const id = await stage.submit();
    expect((await stage.status(id)).body.status).toBe('PAUSED');
    await stage.ended(id);
  });

  it('leaves its model at a private address, or says nothing of it but the address', async () => {
    await stage.fault('private-model', { host: '169.254.169.254' });
    const elsewhere = await outputOf(await stage.submit());
    expect(elsewhere.diffusers_lora_file.url).toMatch(/^http:\/\/169\.254\.169\.254\/fal\/files\//);
    await stage.fault('bare-files');
    const bare = await outputOf(await stage.submit());
    expect(Object.keys(bare.diffusers_lora_file)).toEqual(['url']);
    await stage.fault('no-config');
    expect(await outputOf(await stage.submit())).not.toHaveProperty('config_file');
  });

  it('has a model whose download is cut at ninety per cent', async () => {
    await stage.fault('model-size', { bytes: 1_000_000 });
    const { diffusers_lora_file: model } = await outputOf(await stage.submit());
    await stage.fault('cut-model');
    const response = await fetch(model.url);
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '1000000']);
    let received = 0;
    const read = async () => {
      for await (const chunk of response.body ?? []) received += (chunk as Uint8Array).length;
    };
    await expect(read()).rejects.toThrow('terminated');
    expect(received).toBe(900_000);
    expect((await (await fetch(model.url)).arrayBuffer()).byteLength).toBe(1_000_000);
  });

  it('fails only when it is meant', async () => {
    await stage.fault('fail', { match: { url: 'images=5' } });
    await stage.fault('fail', { match: { url: 'portrait' } });
    const images_data_url = `${stage.sandbox.fal.imagesUrl}?images=5`;
    const [spared, struck] = [await stage.submit(), await stage.submit({ images_data_url })];
    expect(await stage.ended(spared)).not.toHaveProperty('error');
    expect(await stage.ended(struck)).toHaveProperty('error');
    const portrait = await stage.submit(stage.input(), 'fal-ai/flux-lora-portrait-trainer');
    expect(await stage.ended(portrait)).toHaveProperty('error');
    const all = await stage.receiver.wait(3);
    expect(all.map((one) => told(one).status).sort()).toEqual(['ERROR', 'ERROR', 'OK']);
  });
});
