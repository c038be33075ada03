import { Injectable, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { GuardedFetch } from '../kernel/http/guarded-fetch.js';
import type { GuardedAnswer } from '../kernel/http/guarded-fetch.js';
import { HttpModule } from '../kernel/http/http.module.js';
import { DestinationRegistry } from '../kernel/notifications/destination-registry.js';
import type { Destination, Outgoing, SendResult } from '../kernel/notifications/destination.js';
import { NotificationsModule } from '../kernel/notifications/notifications.module.js';
import { postJson, resultOf } from '../kernel/notifications/sending/webhook.destination.js';
import { messageText } from './message-text.js';

/** Slack's words for a webhook, channel or workspace that is no more; `action_prohibited` may be lifted again. */
const GONE = new Set([
  'no_service',
  'no_service_id',
  'no_active_hooks',
  'no_team',
  'team_disabled',
  'invalid_token',
  'channel_not_found',
  'channel_is_archived',
]);

/** What it says of the message itself. */
const OURS = new Set(['invalid_payload', 'no_text']);

/** An incoming webhook as Slack has them, and Mattermost and Discord take them: `{ text }`. */
@Injectable()
export class SlackDestination implements Destination {
  readonly name = 'slack';
  readonly signs = false;
  readonly about = 'an incoming webhook of Slack, https://hooks.slack.com/services/…, or of what is compatible';

  constructor(private readonly guarded: GuardedFetch) {}

  missingKeys(): readonly string[] {
    return [];
  }

  fault(url: string): string | null {
    const fault = this.guarded.check(url);
    if (fault !== null) return fault;
    return new URL(url).pathname === '/' ? 'must be the whole address of an incoming webhook, with its path' : null;
  }

  /** Whoever knows the path may post. */
  shown(url: string): string {
    return URL.canParse(url) ? `${new URL(url).origin}/…` : '…';
  }

  async send(message: Outgoing): Promise<SendResult> {
    return judged(await postJson(this.guarded, message, JSON.stringify({ text: slackText(message) })));
  }
}

/** Title in bold, lines, and the link by a name. */
export function slackText(message: Pick<Outgoing, 'type' | 'timestamp' | 'data' | 'link'>): string {
  const { title, lines, link } = messageText(message);
  const open = link === null ? [] : [`<${escaped(link).replaceAll('|', '%7C')}|Open in Signalbox>`];
  return [`*${harmless(title)}*`, ...lines.map(harmless), ...open].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const LOOKALIKES: Record<string, string> = { '*': '∗', '~': '∼', '`': 'ˋ', _: 'ˍ' };

/**
 * Nothing in it is markup, a link or a mention. Slack itself needs the escaping only; Mattermost and Discord also read
 * Markdown's links and a bare `@channel`, which an invisible space breaks.
 */
function harmless(text: string): string {
  return escaped(text)
    .replace(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (mark) => LOOKALIKES[mark] ?? mark)
    .replaceAll('](', '] (')
    .replace(/(?<![\p{L}\p{N}])@/gu, '@\u200b');
}

/** Statuses as of any webhook; a 4xx may say by a word that it is for good, or that the message was wrong. */
export function judged(answer: Pick<GuardedAnswer, 'status' | 'headers' | 'body'>): SendResult {
  const result = resultOf(answer);
  const { status, outcome } = result;
  const word = result.answer?.trim() ?? '';
  // Such as the page that asks to log in, at an address that is not a webhook's.
  if (outcome === 'delivered' && /^<(!doctype|html)/i.test(word))
    return { ...result, outcome: 'failed', error: `answered ${status} with a web page: it is no incoming webhook` };
  if (outcome !== 'failed' || !/^[a-z_]{1,60}$/.test(word)) return result;
  const error = `answered ${status}: ${word}`;
  if (GONE.has(word)) return { outcome: 'gone', status, error, answer: result.answer };
  return OURS.has(word) ? { ...result, error, isOurFault: true } : { ...result, error };
}

@Module({ imports: [HttpModule, NotificationsModule], providers: [SlackDestination] })
export class SlackModule implements OnModuleInit {
  static readonly env = [] as const;

  constructor(
    private readonly destinations: DestinationRegistry,
    private readonly slack: SlackDestination,
  ) {}

  onModuleInit(): void {
    this.destinations.register(this.slack);
  }
}
