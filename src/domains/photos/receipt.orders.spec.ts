import { Pace } from '../../kernel/config/pace.js';
import { parseEnv } from '../../kernel/config/parse-env.js';
import { ServiceEnv } from '../../kernel/config/service.env.js';
import type { FilesService } from '../../kernel/files/files.service.js';
import { HttpEnv } from '../../kernel/http/http.env.js';
import { ReceiptOrders } from './receipt.orders.js';

function ordersIn(sandbox: boolean): ReceiptOrders {
  const service = parseEnv(ServiceEnv, { SIGNALBOX_SANDBOX: String(sandbox) });
  const files = { keepAlive: () => Promise.resolve(true) } as unknown as FilesService;
  return new ReceiptOrders(files, parseEnv(HttpEnv, {}), service, new Pace(service));
}

const url = 'https://files.example.com/receipt.jpg';

describe('an order of a receipt', () => {
  it('becomes a job that has only what was said', async () => {
    expect(await ordersIn(false).newJob('team', { url, labels: { a: 'b' } })).toEqual({
      kind: 'receipt',
      input: { url, reader: 'ocr' },
      labels: { a: 'b' },
      webhook: false,
    });
  });

  it('names one photo, which may be fetched', () => {
    const orders = ordersIn(false);
    expect(() => orders.newJob('team', {})).toThrow('give either url or file');
    expect(() => orders.newJob('team', { url, file: 'f' })).toThrow('give either url or file');
    expect(() => orders.newJob('team', { url: 'http://10.0.0.1/a.jpg' })).toThrow('private address');
  });

  it('may name the stand-in for a remote reader in the sandbox only', async () => {
    expect((await ordersIn(true).newJob('team', { url, reader: 'stub' })).input).toMatchObject({ reader: 'stub' });
    expect(() => ordersIn(false).newJob('team', { url, reader: 'stub' })).toThrow('must be one of ocr');
  });
});
