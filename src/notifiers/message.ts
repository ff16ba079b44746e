import { counted } from '../netpol/index.js';
import type { Notifier, Told } from './notifier.js';

/** One POST. */
export type Post = {
  readonly via: 'post';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** One e-mail. */
export type Mail = {
  readonly via: 'mail';
  /** `smtp://HOST:PORT`, where TLS must be taken up, or `smtps://HOST:PORT`. */
  readonly url: string;
  /** `USER:PASSWORD`; empty: none. */
  readonly login: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  /** Of the thread that it belongs to. */
  readonly thread: string;
};

/** One message of syslog. */
export type Line = {
  readonly via: 'line';
  /** `tcp://HOST:PORT` or `tls://HOST:PORT`. */
  readonly url: string;
  readonly text: string;
};

/** What an issue tracker is told: an issue, or a comment where there is one. */
export type Issue = {
  readonly via: 'issue';
  /** Of the site, without a slash at its end. */
  readonly url: string;
  readonly authorization: string;
  readonly project: string;
  readonly issueType: string;
  /** By what the issue is found again. */
  readonly label: string;
  readonly summary: string;
  readonly text: string;
  /** Key of the issue that was made before; null: none is known. */
  readonly ref: string | null;
  /** Whether an issue is made where none is open. */
  readonly creates: boolean;
};

export type Message = Post | Mail | Line | Issue;

/** A target with its secrets in clear; empty: it has none. */
export type Clear = Pick<Notifier, 'config'> & {
  readonly secret: string;
  /** Signs as well, for a day after it was changed. */
  readonly oldSecret: string | null;
};

/** At most so many units of UTF-16, with `…` where it was cut; no character is cut in two. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;

/** A namespace and a name of Kubernetes fit; lists of clusters and names of sets may be longer. */
const LONGEST_NAME = 320;
const LONGEST_TEXT = 3_500;

/** Whatever it is about, no text of it is longer than a page. */
export const bounded = (told: Told): Told => ({
  ...told,
  cluster: cut(told.cluster, LONGEST_NAME),
  namespace: cut(told.namespace, LONGEST_NAME),
  deployment: cut(told.deployment, LONGEST_NAME),
  subject: cut(told.subject, LONGEST_NAME),
  message: cut(told.message, LONGEST_TEXT),
  resolution: told.resolution === null ? null : cut(told.resolution, LONGEST_NAME),
  ...(told.title !== undefined && { title: cut(told.title, LONGEST_NAME) }),
});

export const post = (url: string, value: unknown, headers: Post['headers'] = {}): Post => ({
  via: 'post',
  url,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

const TITLES = {
  OPENED: 'Alert',
  RESOLVED: 'Resolved',
  TEST: 'TEST',
  DIGEST: 'Digest',
} as const;

export const titleOf = (told: Told): string =>
  `${TITLES[told.kind]}: ${told.title ?? `${told.severity} ${told.rule} ${told.subject}`}`;

/** What happened, and how it ended. */
export const textOf = ({ message, resolution }: Told): string =>
  resolution === null ? message : `${message}\nresolved: ${resolution}`;

/** Where, how it stands, and whether it was told before: these targets do not tell one message from another. */
export const contextOf = ({ cluster, state, occurrences, again }: Told): string =>
  [cluster, state, counted(occurrences, 'event'), again ? 'told before' : '']
    .filter(text => text !== '')
    .join(', ');
