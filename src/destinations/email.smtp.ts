/** A mail server as `SMTP_URL` names it. */
export interface MailServer {
  host: string;
  port?: number;
  /** TLS from the first byte. */
  secure: boolean;
  /** Nothing is said before STARTTLS; on this very machine it is used where it is offered. */
  requireTLS: boolean;
  ignoreTLS: boolean;
  auth?: { user: string; pass: string };
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** `smtp://user:password@host:587` or `smtps://…`, percent-encoded. @throws {TypeError} with what is wrong, without the URL */
export function mailServer(text: string): MailServer {
  if (!URL.canParse(text)) throw new TypeError('is not a URL; percent-encode what is special in user and password');
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  if (!secure && url.protocol !== 'smtp:') throw new TypeError('must begin with smtp:// or smtps://');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') throw new TypeError('names no host');
  if (url.pathname.length > 1 || url.hash !== '') throw new TypeError('has a path, which means nothing here');
  const ignoreTLS = ignoresTls(url.searchParams);
  if (secure && ignoreTLS) throw new TypeError('is smtps:// and says ignoreTLS=true');
  const requireTLS = !secure && !ignoreTLS && !LOOPBACK.test(host);
  const port = url.port === '' ? {} : { port: Number(url.port) };
  return { host, ...port, secure, requireTLS, ignoreTLS, ...credentials(url) };
}

/** What is wrong with it; null when nothing is. */
export function mailServerFault(text: string): string | null {
  try {
    mailServer(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** One option, and it is a choice of the operator: no other one may weaken what is verified, or log what is secret. */
function ignoresTls(options: URLSearchParams): boolean {
  for (const [name, value] of options)
    if (name !== 'ignoreTLS' || value !== 'true') throw new TypeError('knows no option but ?ignoreTLS=true');
  return options.size > 0;
}

function credentials({ username, password }: URL): Pick<MailServer, 'auth'> {
  if (username === '' && password === '') return {};
  if (username === '' || password === '') throw new TypeError('needs both a user and a password, or neither');
  try {
    return { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } };
  } catch {
    throw new TypeError('has a % in user or password that is not percent-encoded');
  }
}
