import { DAY } from '../../kernel/config/pace.js';
import { FILE, FilesOfOne } from './testing/files-of-one.js';
import { faultsOf, orderOf, url } from './testing/ordering.js';
import { wavOf } from './testing/wav-of.js';

const GIB = 1_024 ** 3;

describe('audio that was uploaded', () => {
  it('stands in the order instead of an address, and is kept for as long as the job may wait', async () => {
    const files = new FilesOfOne(wavOf(32_000));
    const order = await orderOf({ file: FILE, numSpeakers: 2 }, [], files);
    expect(order.input).toEqual({ file: FILE, numSpeakers: 2 });
    expect(files.keptForMs).toBe(0);
    await order.provided?.({} as never);
    expect(files.keptForMs).toBe(8 * DAY);
  });

  it('has to be there when the job is made', async () => {
    const fault = { field: 'file', detail: 'names no file of yours (any more); upload it with POST /v1/files' };
    expect(await faultsOf({ file: FILE })).toEqual([fault]);
    expect(await faultsOf({ file: FILE.replace('f11e', 'f11f') }, [], new FilesOfOne(wavOf(1)))).toEqual([fault]);
  });

  it.each([
    [{ url, file: FILE }, 'file', 'cannot be given together with url'],
    [{ url: '', file: FILE }, 'file', 'cannot be given together with url'],
    [{ file: 'meeting.wav' }, 'file', 'must be the id of an uploaded file'],
    [{ file: 7 }, 'file', 'must be the id of an uploaded file'],
    [{ file: '' }, 'file', 'must be the id of an uploaded file'],
    [{}, 'url', 'is required'],
    [{ url: null, file: null }, 'url', 'is required'],
  ])('is refused in %j', async (body, field, detail) => {
    const found = (await faultsOf(body)).find((fault) => fault.field === field);
    expect(found?.detail).toContain(detail);
  });

  it('may have a GiB and no more', async () => {
    expect(await faultsOf({ file: FILE }, [], new FilesOfOne(Buffer.from('ID3'), GIB))).toEqual([]);
    const [fault] = await faultsOf({ file: FILE }, [], new FilesOfOne(Buffer.from('ID3'), GIB + 1));
    expect(fault).toMatchObject({ field: 'file', detail: expect.stringContaining('1073741824 at most') as string });
  });

  it('may last a day and no longer, where its header tells', async () => {
    const bytes = 8_000 * 24 * 3_600;
    expect(await faultsOf({ file: FILE }, [], new FilesOfOne(wavOf(8_000), 44 + bytes))).toEqual([]);
    const [fault] = await faultsOf({ file: FILE }, [], new FilesOfOne(wavOf(4_000), 44 + bytes));
    expect(fault).toMatchObject({ field: 'file', detail: expect.stringContaining('lasts 48.0 h') as string });
  });
});
