import type { FieldError } from '../../kernel/http/problem.js';
import { ordering, url } from './testing/ordering.js';

const { faultsOf, inputOf, orderOf, dryRunOf } = ordering();
const base = { type: 'portrait', url };
const detailsIn = (faults: readonly FieldError[], named: string) =>
  faults.flatMap(({ field, detail }) => (field === named ? [detail] : [])).join('; ');
const detailOf = async (body: object, field: string) => detailsIn(await faultsOf({ ...base, ...body }), field);

describe('the trainer of a training', () => {
  it('is that of its type', async () => {
    expect(await inputOf({ type: 'portrait', url, triggerWord: 'annaphoto' })).toEqual({
      type: 'portrait',
      trainer: 'fal-ai/flux-lora-portrait-trainer',
      url,
      inputs: { trigger_phrase: 'annaphoto' },
    });
    expect(await inputOf({ type: 'style', url, triggerWord: 'inkwash' })).toEqual({
      type: 'style',
      trainer: 'fal-ai/flux-lora-fast-training',
      url,
      inputs: { is_style: true, trigger_word: 'inkwash' },
    });
  });

  it('is any of the table by its id', async () => {
    const input = await inputOf({ trainer: 'fal-ai/turbo-flux-trainer', url, trainingStyle: 'style', faceCrop: false });
    expect(input).toMatchObject({ type: null, inputs: { training_style: 'style', face_crop: false } });
  });

  it.each([
    [{ url }, 'type', 'is required: portrait or style'],
    [{ url, type: null, trainer: null }, 'type', 'is required'],
    [{ url, type: 'portrait', trainer: 'fal-ai/turbo-flux-trainer' }, 'trainer', 'cannot be given together with type'],
    [{ url, type: 'face' }, 'type', 'must be portrait or style'],
    [{ url, trainer: 'fal-ai/none' }, 'trainer', 'is none that we know; take one of fal-ai/flux-lora-portrait-trainer'],
    [{ url, trainer: '__proto__' }, 'trainer', 'is none that we know'],
    [{ url, trainer: 'fal-ai/flux-pro-trainer' }, 'trainer', 'take fal-ai/flux-lora-fast-training'],
    [{ url, trainer: 7 }, 'trainer', 'must be the id of a trainer'],
  ])('is refused in %j', async (body, field, detail) => {
    expect(detailsIn(await faultsOf(body), field)).toContain(detail);
  });
});

describe('the options of a training', () => {
  it('go under the names that the trainer has for them', async () => {
    const body = {
      ...base,
      triggerWord: 'w',
      steps: 2_000,
      learningRate: 0.0001,
      multiresolutionTraining: false,
      subjectCrop: false,
      createMasks: true,
      dataArchiveFormat: 'zip',
      resumeFromCheckpoint: 'https://v3.fal.media/files/a/lora.safetensors',
    };
    expect((await inputOf(body)).inputs).toEqual({
      trigger_phrase: 'w',
      steps: 2_000,
      learning_rate: 0.0001,
      multiresolution_training: false,
      subject_crop: false,
      create_masks: true,
      data_archive_format: 'zip',
      resume_from_checkpoint: 'https://v3.fal.media/files/a/lora.safetensors',
    });
  });

  it('that are null count as left out', async () => {
    expect((await inputOf({ ...base, steps: null, isStyle: null, extra: null, labels: null })).inputs).toEqual({});
  });

  it.each<[object, string, string]>([
    [{ isStyle: true }, 'isStyle', 'is no option of fal-ai/flux-lora-portrait-trainer'],
    [{ type: 'style', learningRate: 0.1 }, 'learningRate', 'is no option of fal-ai/flux-lora-fast-training'],
    [{ type: 'style', isStyle: false }, 'isStyle', 'cannot be false for type style'],
    [{ type: undefined, trainer: 'fal-ai/flux-2-trainer', triggerWord: 'x' }, 'triggerWord', 'is no option of'],
    [{ type: undefined, trainer: 'fal-ai/wan-22-image-trainer' }, 'triggerWord', 'is required by'],
    [{ steps: 0 }, 'steps', 'must be a whole number above 0'],
    [{ steps: -3 }, 'steps', 'must be a whole number'],
    [{ steps: 1.5 }, 'steps', 'must be a whole number'],
    [{ steps: '1000' }, 'steps', 'must be a whole number'],
    [{ steps: 1e300 }, 'steps', 'must be a whole number'],
    [{ steps: [1] }, 'steps', 'must be a whole number'],
    [{ learningRate: 0 }, 'learningRate', 'must be a number above 0'],
    [{ learningRate: 2 }, 'learningRate', 'must be a number above 0'],
    [{ subjectCrop: 'yes' }, 'subjectCrop', 'must be true or false'],
    [{ triggerWord: '' }, 'triggerWord', 'must be a text'],
    [{ triggerWord: 'a\u0000' }, 'triggerWord', 'well-formed'],
    [{ triggerWord: '\uD800' }, 'triggerWord', 'well-formed'],
    [{ triggerWord: 'x'.repeat(5_001) }, 'triggerWord', '5000 characters at most'],
    [{ triggerPhrase: 'x' }, 'triggerPhrase', 'unknown field'],
    [{ resumeFromCheckpoint: 'http://169.254.169.254/latest' }, 'resumeFromCheckpoint', 'points to a private address'],
    [{ resumeFromCheckpoint: 'file:///etc/passwd' }, 'resumeFromCheckpoint', 'has the scheme file:'],
    [{ extra: [] }, 'extra', 'must be an object'],
    [{ extra: { steps: 1 } }, 'extra.steps', 'has a field of its own; use steps'],
    [{ extra: { trigger_phrase: 'x' } }, 'extra.trigger_phrase', 'use triggerWord'],
    [{ extra: { images_data_url: url } }, 'extra.images_data_url', 'is where the images go'],
    [{ extra: { data_url: url } }, 'extra.data_url', 'is where the images go'],
    [{ extra: { __proto__x: 1 } }, 'extra.__proto__x', 'is no name of an input'],
    [{ extra: { big: 'x'.repeat(20_000) } }, 'extra', 'has more than 16384 bytes'],
  ])('are refused in %j', async (body, field, detail) => expect(await detailOf(body, field)).toContain(detail));

  it('that nobody knows yet go through extra as they are', async () => {
    const { inputs } = await inputOf({ ...base, extra: { seed: 7, nested: { a: [1] } } });
    expect(inputs).toEqual({ seed: 7, nested: { a: [1] } });
  });

  it('that do not fit are all named at once', async () => {
    const faults = await faultsOf({ ...base, steps: 0, isStyle: true, extra: { steps: 1 } });
    expect(faults.map(({ field }) => field)).toEqual(['steps', 'isStyle', 'extra.steps']);
  });
});

describe('the images of a training', () => {
  it.each<[object, string, string]>([
    [{ url: undefined }, 'url', 'is required: the address of a zip'],
    [{ url: 'http://127.0.0.1/a.zip' }, 'url', 'points to a private address'],
    [{ url: 'http://localhost/a.zip' }, 'url', 'names a host of a private network'],
    [{ url: 'ftp://files.example.com/a.zip' }, 'url', 'has the scheme ftp:'],
    [{ url: 'https://u:p@files.example.com/a.zip' }, 'url', 'carries a user name'],
    [{ url: ' https://files.example.com/a.zip' }, 'url', 'has spaces'],
    [{ url: '' }, 'url', 'is not a URL'],
    [{ url: 7 }, 'url', 'must be an http or https address'],
    [{ file: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' }, 'file', 'cannot be given together with url'],
    [{ url: undefined, file: 'anna.zip' }, 'file', 'must be the id of an uploaded file'],
    [{ url: undefined, file: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' }, 'file', 'names no file of yours'],
    [{ url: undefined, files: ['019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11'] }, 'files[0]', 'names no file of yours'],
    [{ url: undefined, files: [] }, 'files', 'must name at least one image'],
    [{ url: undefined, files: 'x' }, 'files', 'must be a list'],
    [{ url: undefined, files: ['a'] }, 'files', 'must be the id of an uploaded file'],
    [{ captions: { 'a.jpg': 'x' } }, 'captions', 'go with files only'],
  ])('are refused in %j', async (body, field, detail) => expect(await detailOf(body, field)).toContain(detail));
});

describe('the order of a training', () => {
  it('has a price by its steps, and says where it is not known', async () => {
    expect(await dryRunOf({ ...base, steps: 2_000 })).toEqual({
      dryRun: true,
      trainer: 'fal-ai/flux-lora-portrait-trainer',
      inputs: { steps: 2_000 },
      price: 4.8,
      warnings: [],
    });
    const unknown = await dryRunOf({ trainer: 'fal-ai/flux-krea-trainer', url });
    expect(unknown.price).toBeNull();
    expect(unknown.warnings).toEqual([expect.stringContaining('is not known: it counts nothing')]);
  });

  it('warns where the vendor may miss captions in an archive that we do not see', async () => {
    const body = { trainer: 'fal-ai/flux-2-trainer', url };
    expect((await inputOf(body)).warnings).toEqual([expect.stringContaining('there is no defaultCaption')]);
    expect((await inputOf({ ...body, defaultCaption: 'a photo' })).warnings).toBeUndefined();
  });

  it('keeps labels and the wish for no webhook out of what the vendor is told', async () => {
    const order = await orderOf({
      ...base,
      labels: { a: 'b' },
      webhook: false,
      notifyUrl: 'https://app.example.com/h',
    });
    expect(order).toMatchObject({
      kind: 'training',
      labels: { a: 'b' },
      webhook: false,
      notifyUrl: 'https://app.example.com/h',
      input: { inputs: {} },
    });
  });
});
