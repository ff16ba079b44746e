import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { presenceOn } from '../../../src/database/presence.js';
import type { NotifierDeps } from '../../../src/notifiers/change-notifier.js';
import type { DeliverDeps } from '../../../src/notifiers/deliver.js';
import { notificationStore } from '../../../src/notifiers/notification.store.js';
import { NotifierKind } from '../../../src/notifiers/notifier.js';
import { notifierStore } from '../../../src/notifiers/notifier.store.js';
import type { NotifierDraft } from '../../../src/notifiers/notifier-faults.js';
import { secretsOf } from '../../../src/notifiers/secret.js';
import type { Watching } from '../../alerts/support/watching.js';
import { NOW } from '../../flows/support/intake.js';

export type Got = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Said = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** What a receiver on loopback was sent; `answer` says what it answers. */
export async function withAnswers(
  answer: (got: Got) => Said | Promise<Said>,
  use: (url: string, got: readonly Got[]) => Promise<void>,
): Promise<void> {
  const all: Got[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const bytes of request) body += bytes;
    const got = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
    };
    all.push(got);
    const said = await answer(got);
    response.writeHead(said.status, said.headers).end(said.body);
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, all);
  } finally {
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
  }
}

/** Answers with the statuses in turn, then with 200. */
export function withReceiver(
  statuses: readonly number[],
  use: (url: string, got: readonly Got[]) => Promise<void>,
): Promise<void> {
  const left = [...statuses];
  return withAnswers(() => ({ status: left.shift() ?? 200 }), use);
}

export const depsOf = ({
  source,
}: Watching): NotifierDeps & Pick<DeliverDeps, 'notifications' | 'enter'> => ({
  enter: presenceOn(source),
  transaction: work =>
    source.transaction(manager =>
      work({
        notifiers: notifierStore(manager),
        clusters: { names: async () => ['lab', 'other'] },
      }),
    ),
  notifiers: notifierStore(source.manager),
  notifications: notificationStore(source.manager),
  secrets: secretsOf('a key of the tests alone'),
  reach: { loopback: true, private: false },
  now: () => NOW,
  who: 'tester',
});

export const DRAFT: Omit<NotifierDraft, 'config'> = {
  name: 'soc',
  kind: NotifierKind.WEBHOOK,
  secret: null,
  minSeverity: 'MEDIUM',
  rules: null,
  clusters: null,
  enabled: true,
  maxPerHour: null,
  digest: false,
};

/** Ends all waits. */
export async function due({ execute }: Watching): Promise<void> {
  await execute(`update notification set next_at = now() where state = 'PENDING'`);
  await execute(`update notifier set not_before = null`);
}
