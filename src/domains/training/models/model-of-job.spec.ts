import { modelOf } from './model-of-job.js';

const url = 'https://v3.fal.media/files/a/lora.safetensors';
const input = { type: 'portrait', trainer: 'fal-ai/flux-lora-portrait-trainer', inputs: { trigger_phrase: 'ohwx' } };
const filesOf = (result: Record<string, unknown> | null) => modelOf({ input, result })?.files;

describe('a model as its training tells of it', () => {
  it('is what the trainer was asked for and what it made', () => {
    const lora = { url, file_name: 'pytorch_lora_weights.safetensors', content_type: 'application/octet-stream' };
    const result = { diffusers_lora_file: { ...lora, file_size: 143_968_000 }, config_file: { url: `${url}.json` } };
    expect(modelOf({ input, result })).toEqual({
      type: 'portrait',
      trainer: 'fal-ai/flux-lora-portrait-trainer',
      triggerWord: 'ohwx',
      baseModel: 'FLUX.1 [dev]',
      finetuneId: null,
      files: [
        {
          role: 'lora',
          url,
          name: 'pytorch_lora_weights.safetensors',
          mediaType: 'application/octet-stream',
          announcedSize: 143_968_000,
        },
        { role: 'config', url: `${url}.json`, name: 'lora.safetensors.json', mediaType: null, announcedSize: null },
      ],
    });
  });

  it('has no files where it stays with the vendor', () => {
    expect(modelOf({ input: {}, result: { finetune_id: 'ft-1' } })).toEqual({
      ...{ type: null, trainer: null, triggerWord: null, baseModel: null, finetuneId: 'ft-1', files: [] },
    });
  });

  it('is none where the result names nothing', () => {
    for (const result of [null, {}, { seed: 1 }, { diffusers_lora_file: null }, { diffusers_lora_file: { url: '' } }])
      expect(modelOf({ input, result })).toBeNull();
    expect(modelOf({ input, result: { finetune_id: ' ' } })).toBeNull();
  });

  it('takes the trigger under each name that trainers have for it', () => {
    const result = { diffusers_lora_file: { url } };
    const word = (inputs: unknown) => modelOf({ input: { inputs }, result })?.triggerWord;
    expect([word({ trigger_word: 'TOK' }), word({ trigger_phrase: 'ohwx' })]).toEqual(['TOK', 'ohwx']);
    for (const odd of [undefined, null, 'x', [], { trigger_word: 7 }, { trigger_word: '' }])
      expect(word(odd)).toBeNull();
  });

  it('keeps files under the vendor’s names where we have none', () => {
    const roles = filesOf({
      high_noise_lora: { url },
      debug_preprocessed_output: { url },
      seed: 7,
      timings: { all: 1 },
    });
    expect(roles?.map(({ role }) => role)).toEqual(['high_noise_lora', 'debug_preprocessed_output']);
  });

  it('takes a bare address only where its name is that of a file, and of two loras the first', () => {
    expect(filesOf({ lora_url: url, model_page: 'https://fal.ai/m' })).toMatchObject([{ role: 'lora', url }]);
    expect(filesOf({ diffusers_lora_file: { url }, lora_url: `${url}?2` })).toMatchObject([{ role: 'lora', url }]);
  });

  it('believes nothing that cannot be so', () => {
    const odd = { url, file_name: '../../etc/passwd\n', file_size: -1, content_type: 7 };
    expect(filesOf({ config_file: odd })).toMatchObject([{ name: 'passwd', announcedSize: null, mediaType: null }]);
    expect(filesOf({ config_file: { url: 'data:application/json,{}' } })).toMatchObject([{ name: 'unnamed' }]);
    expect(modelOf({ input, result: { config_file: { url: `https://a.example/${'a'.repeat(4_000)}` } } })).toBeNull();
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`part_${n}`, { url }]));
    expect(filesOf(many)).toHaveLength(16);
  });
});
