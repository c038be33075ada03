import { mailServer, mailServerFault } from './email.smtp.js';

describe('SMTP_URL', () => {
  it('demands STARTTLS of a server elsewhere', () => {
    expect(mailServer('smtp://me:p%40ss%2Fw@mail.example.com:2525')).toEqual({
      host: 'mail.example.com',
      port: 2_525,
      secure: false,
      requireTLS: true,
      ignoreTLS: false,
      auth: { user: 'me', pass: 'p@ss/w' },
    });
  });

  it.each([
    ['smtps://mail.example.com', { secure: true, requireTLS: false, ignoreTLS: false }],
    ['smtp://localhost', { host: 'localhost', secure: false, requireTLS: false, ignoreTLS: false }],
    ['smtp://127.0.0.1:25', { host: '127.0.0.1', requireTLS: false }],
    ['smtp://[::1]:25', { host: '::1', requireTLS: false }],
    ['smtp://127.0.0.1.example.com', { requireTLS: true }],
    ['smtp://10.0.0.5/?ignoreTLS=true', { host: '10.0.0.5', requireTLS: false, ignoreTLS: true }],
  ])('reads %s', (url, server) => {
    expect(mailServer(url)).toMatchObject(server);
  });

  it.each([
    ['mail.example.com', 'is not a URL'],
    ['http://mail.example.com', 'must begin with smtp:// or smtps://'],
    ['smtp://', 'names no host'],
    ['smtp://u:s3cr3t/word@mail.example.com', 'is not a URL'],
    ['smtp://u:s3cr3t%zz@mail.example.com', 'has a % in user or password'],
    ['smtp://u@mail.example.com', 'needs both'],
    ['smtp://mail.example.com/box', 'has a path'],
    ['smtp://mail.example.com?tls.rejectUnauthorized=false', 'knows no option but'],
    ['smtp://mail.example.com?ignoreTLS=false', 'knows no option but'],
    ['smtp://mail.example.com?debug=true', 'knows no option but'],
    ['smtps://mail.example.com?ignoreTLS=true', 'is smtps:// and says ignoreTLS'],
  ])('refuses %s, without repeating it', (url, fault) => {
    expect(mailServerFault(url)).toContain(fault);
    expect(mailServerFault(url)).not.toContain('s3cr3t');
  });
});
