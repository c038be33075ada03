import { attachment, dispositionName, headerText, safeName, unescaped } from './file-name.js';

describe('The name of a file', () => {
  it.each([
    ['meeting.wav', 'meeting.wav'],
    ['  a b.wav  ', 'a b.wav'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\anna\\Größe.wav', 'Größe.wav'],
    ['a/b/', 'b'],
    ['.htaccess', 'htaccess'],
    ['...', 'unnamed'],
    ['', 'unnamed'],
    [undefined, 'unnamed'],
    ['\0\r\n', 'unnamed'],
    ['a\r\nSet-Cookie: x.wav', 'aSet-Cookie: x.wav'],
    ['exe.\u202Evaw', 'exe.vaw'],
    ['lone\ud800.wav', 'lone\ufffd.wav'],
    ['e\u0301.wav', 'é.wav'],
  ])('is safe to show: %j becomes %j', (given, name) => {
    expect(safeName(given)).toBe(name);
  });

  it('is 200 bytes at most, cut between letters, with its ending kept', () => {
    const name = safeName(`${'ж'.repeat(500)}.wav`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^ж+\.wav$/);
    expect(safeName('🎧'.repeat(100))).toBe('🎧'.repeat(50));
  });

  it('is read from a header as UTF-8 where it is that, else as Latin-1', () => {
    expect(headerText(Buffer.from('Größe').toString('latin1'))).toBe('Größe');
    expect(headerText(Buffer.from('Größe', 'latin1').toString('latin1'))).toBe('Größe');
    expect(unescaped('%D0%BA')).toBe('к');
    expect(unescaped('100%.wav')).toBe('100%.wav');
  });

  it.each([
    ['attachment; filename="a b.wav"', 'a b.wav'],
    ['attachment; filename=a.wav; size=3', 'a.wav'],
    ['attachment; filename="a\\"b.wav"', 'a"b.wav'],
    ["form-data; filename=x; filename*=UTF-8'de'%e2%82%ac.wav", '€.wav'],
    ['inline', undefined],
    ['attachment; notfilename="x"', undefined],
  ])('stands in %s', (header, name) => {
    expect(dispositionName(header)).toBe(name);
  });

  it('goes out as an attachment that no name can break out of', () => {
    expect(attachment('a.wav')).toBe(`attachment; filename="a.wav"; filename*=UTF-8''a.wav`);
    expect(attachment('Größe "1".wav')).toBe(
      `attachment; filename="Gr__e _1_.wav"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.wav`,
    );
    expect(attachment(`it's (1)*.wav`)).toContain(`UTF-8''it%27s%20%281%29%2A.wav`);
    expect(dispositionName(attachment('Größe "1".wav'))).toBe('Größe "1".wav');
  });
});
