export interface RequestEntry {
  n: number;
  at: string;
  method: string;
  path: string;
  /** null while unanswered, and for good when the connection was dropped on purpose. */
  status: number | null;
  answeredAt: string | null;
  jobId?: string;
  body?: unknown;
}

export interface NoticeEntry {
  n: number;
  vendor: string;
  jobId: string;
  /** What the attempt was meant as: the notice itself, a duplicate, a contradiction, an extra body, a resend. */
  kind: string;
  /** 1 for the first delivery, 2 to 4 for the retries. */
  try: number;
  url: string;
  headers: Record<string, string>;
  body: string;
  sentAt: string;
  answeredAt: string | null;
  status: number | null;
  error?: string;
  answer?: string;
}

interface RouteCount {
  total: number;
  byStatus: Record<string, number>;
}

const LIMIT = 50_000;

/** What was asked and what was told, kept in memory for whoever checks afterwards that both sides kept their word. */
export class SandboxRecord {
  readonly requests: RequestEntry[] = [];
  readonly notices: NoticeEntry[] = [];
  private readonly jobSources: (() => unknown[])[] = [];
  private readonly counts = new Map<string, RouteCount>();
  private lastRequest = 0;
  private lastNotice = 0;

  request(entry: Pick<RequestEntry, 'method' | 'path'>): RequestEntry {
    const at = new Date().toISOString();
    return keep(this.requests, { n: ++this.lastRequest, at, ...entry, status: null, answeredAt: null });
  }

  answered(entry: RequestEntry, route: string, status: number | null): void {
    entry.status = status;
    entry.answeredAt = status === null ? null : new Date().toISOString();
    const count = this.counts.get(route) ?? { total: 0, byStatus: {} };
    const word = status === null ? 'dropped' : String(status);
    count.total += 1;
    count.byStatus[word] = (count.byStatus[word] ?? 0) + 1;
    this.counts.set(route, count);
  }

  notice(entry: Omit<NoticeEntry, 'n' | 'sentAt' | 'answeredAt' | 'status'>): NoticeEntry {
    const sentAt = new Date().toISOString();
    return keep(this.notices, { n: ++this.lastNotice, ...entry, sentAt, answeredAt: null, status: null });
  }

  jobsComeFrom(source: () => unknown[]): void {
    this.jobSources.push(source);
  }

  all() {
    return { requests: this.requests, jobs: this.jobSources.flatMap((source) => source()), notices: this.notices };
  }

  counted() {
    const answers: Record<string, number> = {};
    for (const notice of this.notices) {
      const word = notice.answeredAt === null ? 'under way' : (notice.error ?? String(notice.status));
      answers[word] = (answers[word] ?? 0) + 1;
    }
    return { requests: Object.fromEntries(this.counts), notices: { total: this.lastNotice, byAnswer: answers } };
  }

  reset(): void {
    this.requests.length = 0;
    this.notices.length = 0;
    this.counts.clear();
    this.lastRequest = 0;
    this.lastNotice = 0;
  }
}

function keep<T>(list: T[], entry: T): T {
  list.push(entry);
  if (list.length > LIMIT) list.shift();
  return entry;
}
