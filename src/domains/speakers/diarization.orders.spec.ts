import { faultsOf, orderOf, url } from './testing/ordering.js';

describe('the audio of a diarization', () => {
  const detailOf = async (text: string, allowed?: string[]) => (await faultsOf({ url: text }, allowed))[0]?.detail;

  it.each([url, 'http://files.example.com/a.wav?sig=%20x', 'media://team/a.wav', 'https://8.8.8.8/a'])(
    'may be at %s',
    async (text) => expect(await faultsOf({ url: text })).toEqual([]),
  );

  it.each([
    ['/etc/passwd', 'is not a URL'],
    ['file:///etc/passwd', 'has the scheme file:'],
    ['data:audio/wav;base64,AA', 'has the scheme data:'],
    ['http://127.0.0.1/a.wav', 'points to a private address'],
    ['http://169.254.169.254/latest/meta-data', 'points to a private address'],
    ['http://2130706433/', 'points to a private address'],
    ['http://[::1]/a.wav', 'points to a private address'],
    ['http://10.0.0.7/a.wav', 'points to a private address'],
    ['http://localhost/a.wav', 'names a host of a private network'],
    ['https://user:pass@files.example.com/a.wav', 'carries a user name'],
    ['media://a b', 'has spaces or control characters'],
    ['media://', 'may have letters'],
    ['MEDIA://a', 'may have letters'],
    ['media://ä', 'may have letters'],
    [' https://files.example.com/a.wav', 'has spaces or control characters'],
    ['https://files.example.com/a\n.wav', 'has spaces or control characters'],
    ['https://files.example.com/\u0000', 'has spaces or control characters'],
    ['https://files.example.com/\uD800', 'has spaces or control characters'],
    [`https://files.example.com/${'a'.repeat(2_048)}`, 'is longer than 2048 characters'],
  ])('may not be at %j: %s', async (text, detail) => expect(await detailOf(text)).toContain(detail));

  it('may be in a private network that the environment allows', async () => {
    expect(await detailOf('http://10.0.0.7/a.wav', ['10.0.0.0/8'])).toBeUndefined();
    expect(await detailOf('http://11.0.0.7/a.wav', ['10.0.0.0/32'])).toBeUndefined();
    expect(await detailOf('http://192.168.0.7/a.wav', ['10.0.0.0/8'])).toContain('private');
  });

  it.each(['', null, undefined, 7])('is required: %p', async (text) => {
    expect(await faultsOf({ url: text })).toEqual([
      { field: 'url', detail: 'is required: an http(s) or media:// address, or a file instead' },
    ]);
  });
});

describe('the order of a diarization', () => {
  it('keeps labels and the wish for no webhook out of what the vendor is told', async () => {
    expect(await orderOf({ url, labels: { a: 'b' }, webhook: false, numSpeakers: 2 })).toEqual({
      kind: 'diarization',
      input: { url, numSpeakers: 2 },
      labels: { a: 'b' },
      webhook: false,
    });
  });

  it.each([[{}], [{ labels: null, webhook: null }]])(
    'wants a webhook and has no labels by itself: %j',
    async (body) => {
      expect(await orderOf({ url, ...body })).toMatchObject({ labels: {}, webhook: true, input: { url } });
    },
  );

  it.each([[[]], [null], ['text'], [[{ url }]]])('is an object, not %j', async (body) => {
    expect(await faultsOf(body)).not.toHaveLength(0);
  });
});
