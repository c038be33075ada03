import { Injectable, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { NodemailerError, SMTPTransportOptions, SendMailOptions } from 'nodemailer';
import { Key, provideEnv } from '../kernel/config/parse-env.js';
import { DestinationRegistry } from '../kernel/notifications/destination-registry.js';
import type { Destination, Outgoing, SendResult } from '../kernel/notifications/destination.js';
import { NotificationsModule } from '../kernel/notifications/notifications.module.js';
import { EnvRule } from '../kernel/config/env-rule.js';
import { readableStart } from '../kernel/notifications/sending/readable-start.js';
import { domainOf, hidden, mailFrom, recipient } from './email.addresses.js';
import type { Mailbox } from './email.addresses.js';
import { resultOfFailure } from './email.failures.js';
import { mailServer, mailServerFault } from './email.smtp.js';
import { messageText } from './message-text.js';

/** How long a server may take to hang up after us. */
const CLOSE_MS = 1_000;

/** What the e-mail destination is told. */
export class EmailEnv {
  @Key({
    doc: 'Mail server for notifications by e-mail, its password percent-encoded; smtps:// for TLS from the start, ?ignoreTLS=true for none',
    secret: true,
    example: 'smtp://user:password@mail.example.com:587',
  })
  @EnvRule('smtpUrl', mailServerFault)
  SMTP_URL: string = '';

  @Key({ doc: 'Who e-mails are from; bounces go there', example: 'Signalbox <signalbox@example.com>' })
  @EnvRule('mailFrom', (value) => (mailFrom(value) ? null : 'must be an address, or Name <address>'))
  MAIL_FROM: string = '';
}

/** An e-mail to one person, plain and as HTML. */
@Injectable()
export class EmailDestination implements Destination {
  readonly name = 'email';
  readonly signs = false;
  readonly about = 'mailto: and one address, such as mailto:someone@example.com';

  /** `ca`: trusted instead of the system's authorities. */
  constructor(
    private readonly env: Readonly<EmailEnv>,
    private readonly ca?: string,
  ) {}

  missingKeys(): readonly string[] {
    return (['SMTP_URL', 'MAIL_FROM'] as const).filter((key) => this.env[key] === '');
  }

  fault(url: string): string | null {
    return recipient(url) === null ? 'must be mailto: and one address, such as mailto:someone@example.com' : null;
  }

  shown(url: string): string {
    const to = recipient(url);
    return to === null ? 'mailto:…' : `mailto:${hidden(to)}`;
  }

  async send(message: Outgoing): Promise<SendResult> {
    const to = recipient(message.url);
    const from = mailFrom(this.env.MAIL_FROM);
    if (to === null || from === null) throw new Error('there is no address to send to, or to send from');
    const transport = createTransport(this.options());
    const answerOf = (reply: string) => readableStart(Buffer.from(reply.replaceAll(to, hidden(to))));
    // Its own time-outs are each for one step; this one is for all of them.
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), message.timeoutMs);
    try {
      const { response } = await transport.sendMail({ ...mail(message, from, to), signal: stop.signal });
      return { outcome: 'delivered', status: Number.parseInt(response, 10), error: null, answer: answerOf(response) };
    } catch (error) {
      const result = resultOfFailure(error as NodemailerError);
      return { ...result, answer: answerOf(result.answer ?? '') };
    } finally {
      clearTimeout(deadline);
      transport.close();
    }
  }

  private options(): SMTPTransportOptions {
    return {
      ...mailServer(this.env.SMTP_URL),
      // Said out loud, because variables of the environment change what is usual.
      tls: { rejectUnauthorized: true, ca: this.ca },
      socketCloseTimeout: CLOSE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }
}

/** The same Message-ID on each attempt: a mailbox that has it already shows one mail. */
function mail(message: Outgoing, from: Mailbox, to: string): SendMailOptions {
  const { title, lines, link } = messageText(message);
  const open = link === null ? '' : `<p><a href="${escaped(link)}">Open in Signalbox</a></p>`;
  return {
    from,
    to: { name: '', address: to },
    subject: title,
    messageId: `<${message.id}@${domainOf(from.address)}>`,
    headers: {
      // RFC 3834: nobody's absence note answers it.
      'Auto-Submitted': 'auto-generated',
      'X-Signalbox-Type': message.type.replace(/[^\w.-]/g, '_').slice(0, 100),
    },
    text: [title, '', ...lines, ...(link === null ? [] : ['', link]), ''].join('\n'),
    html: `<p><strong>${escaped(title)}</strong></p>\n<p>${lines.map(escaped).join('<br>\n')}</p>\n${open}`,
  };
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (mark) => entities[mark] ?? mark);
}

@Module({
  imports: [NotificationsModule],
  providers: [
    provideEnv(EmailEnv),
    { provide: EmailDestination, inject: [EmailEnv], useFactory: (env: EmailEnv) => new EmailDestination(env) },
  ],
})
export class EmailModule implements OnModuleInit {
  static readonly env = [EmailEnv] as const;

  constructor(
    private readonly destinations: DestinationRegistry,
    private readonly email: EmailDestination,
  ) {}

  onModuleInit(): void {
    this.destinations.register(this.email);
  }
}
