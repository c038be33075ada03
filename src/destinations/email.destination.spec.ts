import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { hungUp } from './testing/hung-up.js';
import { MailServer } from './testing/mail-server.js';
import type { ReceivedMail } from './testing/mail-server.js';
import type { Outgoing } from '../kernel/notifications/destination.js';
import { certificateFor } from '../kernel/http/testing/certificate.js';
import { EnvironmentError, parseEnv } from '../kernel/config/parse-env.js';
import { EmailDestination, EmailEnv } from './email.destination.js';

const FROM = 'Signalbox <signalbox@example.com>';
const PASSWORD = 's3cr3t/p@ss';
const ID = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';

const outgoing = (more: Partial<Outgoing> = {}): Outgoing => ({
  url: 'mailto:someone@example.org',
  id: ID,
  type: 'diarization.failed',
  timestamp: '2026-11-21T17:40:05.123Z',
  data: { job: { id: '019a', error: { code: 'no_audio', message: 'keine Töne <b>' }, labels: { meeting: 'weekly' } } },
  attemptedAt: 1_795_000_000,
  secrets: [],
  link: 'https://signalbox.example.com/v1/jobs/019a?a=1&b=2',
  timeoutMs: 60_000,
  ...more,
});

const certificate = certificateFor(['localhost']);

interface Named {
  login?: string;
  scheme?: string;
  host?: string;
  ca?: string;
}

const email = (port: number, { login = '', scheme = 'smtp', host = '127.0.0.1', ca }: Named = {}) =>
  new EmailDestination({ SMTP_URL: `${scheme}://${login}${host}:${port}`, MAIL_FROM: FROM }, ca);

/** As mail servers say it. */
const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

describe('The email destination, against a real mail server', () => {
  let server: MailServer;

  const started = async (options?: SMTPServerOptions) => (server = await MailServer.start(options));

  function onlyMail(): ReceivedMail {
    const [mail, ...more] = server.mails;
    if (!mail || more.length > 0) throw new Error(`${server.mails.length} mails`);
    return mail;
  }

  afterEach(() => server.stop());

  it('sends one mail with a text, its HTML, and a link', async () => {
    await started();
    const result = await email(server.port).send(outgoing());
    expect(result).toMatchObject({ outcome: 'delivered', status: 250, error: null });
    const mail = onlyMail();
    expect(mail).toMatchObject({
      from: 'signalbox@example.com',
      to: ['someone@example.org'],
      subject: 'diarization failed: no_audio',
    });
    expect(mail.text.trim().replaceAll('\r\n', '\n')).toBe(
      'diarization failed: no_audio\n\nkeine Töne <b>\nmeeting=weekly\njob 019a, 2026-11-21 17:40:05 UTC\n\n' +
        'https://signalbox.example.com/v1/jobs/019a?a=1&b=2',
    );
    expect(mail.html).toContain('keine Töne &lt;b&gt;<br>');
    expect(mail.html).toContain('<a href="https://signalbox.example.com/v1/jobs/019a?a=1&amp;b=2">');
  });

  it('says that no person wrote it, what it tells, and from whom', async () => {
    await started();
    await email(server.port).send(outgoing());
    const headers = onlyMail().headers;
    expect(headers.get('auto-submitted')).toEqual(['auto-generated']);
    expect(headers.get('x-signalbox-type')).toEqual(['diarization.failed']);
    expect(headers.get('from')).toEqual([FROM]);
    expect(headers.get('to')).toEqual(['someone@example.org']);
  });

  it('has the same Message-ID on every attempt', async () => {
    await started();
    const destination = email(server.port);
    await destination.send(outgoing());
    await destination.send(outgoing({ attemptedAt: 1_795_000_300 }));
    const ids = server.mails.map(({ headers }) => headers.get('message-id'));
    expect(ids).toEqual([[`<${ID}@example.com>`], [`<${ID}@example.com>`]]);
  });

  it('lets nobody add a header or a recipient', async () => {
    await started();
    const evil = 'x\r\nBcc: eve@example.net\r\n\r\nbody';
    const data = { job: { id: evil, labels: { [evil]: evil }, error: { code: evil, message: evil } } };
    await email(server.port).send(outgoing({ type: `diarization.${evil}`, data }));
    const mail = onlyMail();
    expect(mail.to).toEqual(['someone@example.org']);
    expect([...mail.headers.keys()].sort()).toEqual(
      [
        'auto-submitted',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
        'x-signalbox-type',
      ].sort(),
    );
    expect(mail.subject).toContain('Bcc: eve@example.net');
  });

  it('uses one connection for a mail, and leaves none behind', async () => {
    await started();
    await email(server.port).send(outgoing());
    expect(server.connections).toBe(1);
    await hungUp(() => server.open);
  });

  it('logs in where it is told how', async () => {
    const logins: unknown[] = [];
    await started({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        logins.push([username, password]);
        done(null, { user: username });
      },
    });
    const login = `me:${encodeURIComponent(PASSWORD)}@`;
    expect(await email(server.port, { login }).send(outgoing())).toMatchObject({ outcome: 'delivered' });
    expect(logins).toEqual([['me', PASSWORD]]);
  });

  it('takes a wrong login for our fault, and tells no part of it', async () => {
    await started({
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(refusal(535, `5.7.8 account me is not ${PASSWORD}`)),
    });
    const login = `me:${encodeURIComponent(PASSWORD)}@`;
    const result = await email(server.port, { login }).send(outgoing());
    expect(result).toEqual({
      outcome: 'failed',
      status: 535,
      error: 'the mail server did not take our login: 535 5.7.8',
      answer: null,
      isOurFault: true,
    });
    expect(server.mails).toHaveLength(0);
  });

  it.each([
    [550, '5.1.1 <someone@example.org>: no such user', 'gone'],
    [451, '4.2.0 <someone@example.org>: greylisted', 'failed'],
    [552, '5.2.2 <someone@example.org>: mailbox full', 'failed'],
  ])('takes %i %s for the address’s own', async (code, text, outcome) => {
    await started({ onRcptTo: (_address, _session, done) => done(refusal(code, text)) });
    const result = await email(server.port).send(outgoing());
    expect(result).toMatchObject({ outcome, status: code });
    expect(result.isOurFault).toBeUndefined();
    expect(result.answer).toContain('<s…@example.org>');
    expect(JSON.stringify(result)).not.toContain('someone');
    await hungUp(() => server.open);
  });

  it('takes a relay that is denied for our fault', async () => {
    await started({ onRcptTo: (_address, _session, done) => done(refusal(554, '5.7.1 relay access denied')) });
    expect(await email(server.port).send(outgoing())).toMatchObject({ outcome: 'failed', isOurFault: true });
  });

  const login = 'me:x@';

  /** Takes a login by TLS only, and keeps what it heard. */
  async function startedWithTls(options: SMTPServerOptions): Promise<string[]> {
    const heard: string[] = [];
    await started({
      ...certificate,
      disabledCommands: [],
      ...options,
      onAuth: (_auth, { secure }, done) => {
        heard.push(secure ? 'login by TLS' : 'login without');
        done(null, { user: 'me' });
      },
    });
    return heard;
  }

  it.each([
    ['STARTTLS', { secure: false }, 'smtp'],
    ['TLS from the start', { secure: true }, 'smtps'],
  ])('logs in after %s, to a server whose certificate is trusted', async (_, options, scheme) => {
    const heard = await startedWithTls(options);
    const destination = email(server.port, { login, scheme, host: 'localhost', ca: certificate.cert });
    expect(await destination.send(outgoing())).toMatchObject({ outcome: 'delivered' });
    expect([heard, server.mails.length]).toEqual([['login by TLS'], 1]);
  });

  it.each([
    ['is not trusted (STARTTLS)', { secure: false }, 'smtp', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['is not trusted (TLS from the start)', { secure: true }, 'smtps', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['is another’s', { ...certificateFor(['mail.example.org']) }, 'smtp', 'own', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['has expired', { ...certificateFor(['localhost'], -60_000) }, 'smtp', 'own', 'CERT_HAS_EXPIRED'],
  ])('says nothing to a server whose certificate %s', async (_, options, scheme, own, code) => {
    const heard = await startedWithTls(options);
    const ca = own && (options as { cert: string }).cert;
    const result = await email(server.port, { login, scheme, host: 'localhost', ca }).send(outgoing());
    expect(result).toMatchObject({ outcome: 'failed', status: null, isOurFault: true });
    expect(result.error).toBe(`no trusted TLS connection to the mail server could be made (${code})`);
    expect([...heard, ...server.mails]).toEqual([]);
  });

  it('gives up in time on a server that never says whether it took the mail', async () => {
    await started({ onData: (stream) => void stream.resume() });
    const start = performance.now();
    const result = await email(server.port).send(outgoing({ timeoutMs: 300 }));
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(result).toMatchObject({ outcome: 'failed', status: null, isOurFault: true });
    expect(result.error).toBe('the mail server did not answer in full in time');
    await hungUp(() => server.open);
  });
});

describe('The email destination, against what hardly is a mail server', () => {
  let server: Server;
  const sockets = new Set<Socket>();

  async function port(talk: (socket: Socket) => void): Promise<number> {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
      talk(socket);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return (server.address() as AddressInfo).port;
  }

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });

  it('gives up in time on one that never greets, and hangs up', async () => {
    const result = await email(await port(() => undefined)).send(outgoing({ timeoutMs: 200 }));
    expect(result).toMatchObject({ outcome: 'failed', isOurFault: true, answer: null });
    expect(result.error).toBe('the mail server did not answer in full in time');
    await hungUp(() => sockets.size);
  });

  it.each([
    ['before it greets', (socket: Socket) => socket.destroy()],
    [
      'half-way',
      (socket: Socket) => {
        socket.write('220 hello\r\n');
        socket.on('data', (chunk) =>
          chunk.toString().startsWith('MAIL') ? socket.destroy() : socket.write('250 ok\r\n'),
        );
      },
    ],
  ])('takes one that hangs up %s for our fault', async (_, talk) => {
    const result = await email(await port(talk)).send(outgoing());
    expect(result).toMatchObject({ outcome: 'failed', status: null, isOurFault: true });
    expect(result.error).toContain('the mail server closed the connection before its answer was complete');
  });

  it('takes one that is not there for our fault', async () => {
    const closed = await port(() => undefined);
    await new Promise((done) => server.close(done));
    const result = await email(closed, { login: 'me:s3cr3t@' }).send(outgoing());
    expect(result).toMatchObject({ outcome: 'failed', isOurFault: true });
    expect(result.error).toBe('no connection to the mail server could be made (ECONNREFUSED)');
    server = createServer().listen(0);
  });
});

describe('Addresses of the email destination', () => {
  const destination = new EmailDestination({ SMTP_URL: '', MAIL_FROM: '' });

  it.each(['mailto:someone@example.com', 'MAILTO:some.one+box@sub.example.com', 'mailto:a%2Bb@example.com'])(
    'may be %s',
    (url) => expect(destination.fault(url)).toBeNull(),
  );

  it.each([
    'someone@example.com',
    'mailto:',
    'mailto:someone',
    'mailto:a@example.com,b@example.com',
    'mailto:a%2Cb@example.com',
    'mailto:a@example.com%2Cb@example.com',
    'mailto:a@example.com?subject=x',
    'mailto:a@example.com%0D%0ABcc:eve@example.net',
    'mailto:%22a b%22@example.com',
    'mailto:a%zz@example.com',
    'mailto:Name%20%3Ca@example.com%3E',
    'https://example.com',
  ])('may not be %s', (url) => {
    expect(destination.fault(url)).toBe('must be mailto: and one address, such as mailto:someone@example.com');
  });

  it('are shown without who it is', () => {
    expect(destination.shown('mailto:someone@example.com')).toBe('mailto:s…@example.com');
    expect(destination.shown('nonsense')).toBe('mailto:…');
  });
});

describe('The environment of the email destination', () => {
  const keys = (env: Partial<EmailEnv>) => new EmailDestination({ SMTP_URL: '', MAIL_FROM: '', ...env }).missingKeys();

  it('names what is missing', () => {
    expect(keys({})).toEqual(['SMTP_URL', 'MAIL_FROM']);
    expect(keys({ SMTP_URL: 'smtp://localhost' })).toEqual(['MAIL_FROM']);
    expect(keys({ SMTP_URL: 'smtp://localhost', MAIL_FROM: FROM })).toEqual([]);
  });

  it.each([FROM, 'signalbox@example.com', '"Signalbox, the service" <signalbox@example.com>'])(
    'may be from %s',
    (from) => {
      expect(parseEnv(EmailEnv, { MAIL_FROM: from }).MAIL_FROM).toBe(from);
    },
  );

  it.each([
    [{ MAIL_FROM: 'Signalbox' }, 'MAIL_FROM: must be an address, or Name <address>'],
    [{ MAIL_FROM: 'a@example.com, b@example.com' }, 'MAIL_FROM: must be an address'],
    [{ SMTP_URL: 'smtp://u:s3cr3t%@h' }, 'SMTP_URL: has a % in user or password'],
  ])('is refused at the start, without its secrets (%#)', (env, fault) => {
    const refused = (() => {
      try {
        parseEnv(EmailEnv, env);
        return '';
      } catch (error) {
        expect(error).toBeInstanceOf(EnvironmentError);
        return (error as Error).message;
      }
    })();
    expect(refused).toContain(fault);
    expect(refused).not.toContain('s3cr3t');
  });
});
