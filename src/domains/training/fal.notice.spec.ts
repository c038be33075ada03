import { readJson } from './fal.json.js';
import { FAL, FAL_RELAY, readNotice, requestIdOf } from './fal.notice.js';
import type { Told } from './fal.notice.js';
import { standingOf } from './fal.words.js';

const ID = '764cabcf-b745-4b3e-ae38-1200304cf45b';
const LORA = { diffusers_lora_file: { url: 'https://v3.fal.media/files/a/lora.safetensors' } };

const read = (source: string, notice: unknown) => readNotice(source, Buffer.from(JSON.stringify(notice)));
const told = (source: string, notice: object): Told => {
  const found = read(source, { request_id: ID, ...notice });
  if (!found) throw new Error('it says nothing');
  return found;
};

describe('A word for how a training stands', () => {
  it.each([
    ['OK', { ended: 'succeeded' }],
    ['COMPLETED', { ended: 'succeeded' }],
    ['succeeded', { ended: 'succeeded' }],
    ['success', { ended: 'succeeded' }],
    ['ERROR', { ended: 'failed' }],
    ['failed', { ended: 'failed' }],
    ['failure', { ended: 'failed' }],
    ['cancelled', { ended: 'canceled' }],
    ['canceled', { ended: 'canceled' }],
    ['IN_QUEUE', { open: 'in_queue' }],
    ['queued', { open: 'in_queue' }],
    ['IN_PROGRESS', { open: 'in_progress' }],
    ['processing', { open: 'in_progress' }],
  ])('is %s in any letter case', (word, standing) => {
    const odd = [...word].map((letter, i) => (i % 2 ? letter.toLowerCase() : letter.toUpperCase())).join('');
    for (const spelled of [word, word.toLowerCase(), word.toUpperCase(), odd, ` ${word}\n`]) {
      expect(standingOf(spelled)).toEqual(standing);
    }
  });

  it.each([
    ['training'],
    ['okay'],
    ['in progress'],
    ['in-progress'],
    ['toString'],
    ['__proto__'],
    [''],
    [null],
    [undefined],
    [0],
    [200],
    [true],
    [['OK']],
    [{}],
  ])('is not %j', (word) => expect(standingOf(word)).toBeNull());
});

describe('A notice of fal.ai', () => {
  it('that it succeeded has the output, and an error that is null', () => {
    expect(told(FAL, { gateway_request_id: 'g-1', status: 'OK', payload: LORA, error: null })).toEqual({
      requestId: ID,
      gatewayRequestId: 'g-1',
      standing: { ended: 'succeeded' },
      payload: LORA,
      payloadMissing: false,
      error: null,
      detail: null,
      progress: null,
      message: null,
    });
  });

  it('that it failed says why, in short and in detail', () => {
    const detail = [{ loc: ['body', 'images_data_url'], msg: 'no zip', type: 'value_error' }];
    const failed = told(FAL, { status: 'ERROR', error: 'Invalid status code: 422', payload: { detail } });
    expect(failed).toMatchObject({ standing: { ended: 'failed' }, error: 'Invalid status code: 422', detail });
    expect(failed.payloadMissing).toBe(false);
    expect(told(FAL, { status: 'ERROR', error: 'gone', payload: null })).toMatchObject({ payload: null, detail: null });
  });

  it.each([
    ['its payload is null', { payload: null }],
    ['there is none', {}],
    ['it says that there was an error with it', { payload: null, payload_error: 'not serializable' }],
    ['it says that there was an error with what came', { payload: LORA, payload_error: 'cut off' }],
    ['it is no object', { payload: [LORA] }],
    ['it came under the name of a relay', { result: LORA }],
  ])('has its output still to be fetched where %s', (_, more) => {
    expect(told(FAL, { status: 'OK', ...more }).payloadMissing).toBe(true);
  });

  it('is about its request_id and never about the id of the last try', () => {
    expect(told(FAL, { gateway_request_id: 'other', status: 'OK' }).requestId).toBe(ID);
    for (const fields of [{ gateway_request_id: ID }, { id: ID }, { finetune_id: ID }, { request_id: 7 }]) {
      expect(requestIdOf(FAL, fields)).toBeNull();
    }
  });

  it.each([
    [{ request_id: ID }],
    [{ status: null }],
    [{ status: 7 }],
    [{ status: 'IN_TRAINING' }],
    [[]],
    [null],
    ['OK'],
  ])('says nothing as %j', (notice) => expect(read(FAL, notice)).toBeNull());

  it('says nothing as bytes that are no JSON', () => {
    for (const text of ['', '{"status":"OK"', '\0', 'OK']) expect(readNotice(FAL, Buffer.from(text))).toBeNull();
  });

  it('keeps whole numbers beyond 2^53 as the digits that came', () => {
    const text = `{"request_id":"${ID}","status":"OK","payload":{"seed":14298345983459834598,"id":"14298345983459834598","small":9007199254740991,"below":-9007199254740993,"part":0.12345678901234567,"list":[1,14298345983459834598],"said":"\\"1234567890123456789\\" 1234567890123456789"}}`;
    expect(readNotice(FAL, Buffer.from(text))?.payload).toEqual({
      seed: '14298345983459834598',
      id: '14298345983459834598',
      small: 9_007_199_254_740_991,
      below: '-9007199254740993',
      part: Number('0.12345678901234567'),
      list: [1, '14298345983459834598'],
      said: '"1234567890123456789" 1234567890123456789',
    });
    expect(readJson(Buffer.from('14298345983459834598 x'))).toBeUndefined();
  });
});

describe('A notice of a relay', () => {
  it.each(['payload', 'result', 'output', 'response'])('has its output under the name %s', (name) => {
    expect(told(FAL_RELAY, { status: 'completed', [name]: LORA })).toMatchObject({
      payload: LORA,
      payloadMissing: false,
    });
  });

  it('has the first of several outputs that is one', () => {
    expect(told(FAL_RELAY, { status: 'completed', payload: null, output: LORA, response: {} }).payload).toEqual(LORA);
  });

  it.each([
    ['request_id', { request_id: 'a', finetune_id: 'b', id: 'c' }, 'a'],
    ['finetune_id where that is not there', { request_id: null, finetune_id: 'b', id: 'c' }, 'b'],
    ['id where neither is', { gateway_request_id: 'g', id: 'c' }, 'c'],
    ['nothing', { gateway_request_id: 'g' }, null],
    ['nothing, where the first of them is no id', { request_id: '../x', id: 'c' }, null],
    ['nothing, where it is a number', { id: 7 }, null],
  ])('is about its %s', (_, fields, id) => expect(requestIdOf(FAL_RELAY, fields)).toBe(id));

  it.each([
    [0, 0],
    [0.4, 0.4],
    [1, 0.01],
    [42, 0.42],
    [100, 0.99],
    [5_000, 0.99],
    [-1, null],
    ['42', null],
    [null, null],
  ])('that says progress %j means %j', (said, means) => {
    expect(told(FAL_RELAY, { status: 'in_progress', progress: said, message: 'step' })).toMatchObject({
      standing: { open: 'in_progress' },
      progress: means,
      message: 'step',
    });
  });

  it('tells of no progress once it is over, and of an error in whatever form', () => {
    expect(
      told(FAL_RELAY, { status: 'failed', progress: 40, error: { message: 'out of memory', code: 7 } }),
    ).toMatchObject({
      standing: { ended: 'failed' },
      progress: null,
      error: 'out of memory',
      detail: { message: 'out of memory', code: 7 },
    });
  });
});
