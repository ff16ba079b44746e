import { MESSAGES } from './messages.js';
import type { Notifier, Told } from './notifier.js';
import type { Due, NotifierStore } from './notifier.store.js';
import type { Outcome } from './outcome.js';
import type { Reach } from './reach.js';
import type { Secrets } from './secret.js';
import { sendMessage } from './send.js';

export type DeliverDeps = {
  readonly notifiers: NotifierStore;
  /** Null: there is no key, so that nothing with a secret can be sent. */
  readonly secrets: Secrets | null;
  readonly reach: Reach;
};

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits after each failed attempt; then it is given up. */
const WAITS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, ...Array(8).fill(3 * HOUR)];

/** Half of it at least, so that many do not come back at once. */
const jittered = (wait: number): number => wait / 2 + (Math.random() * wait) / 2;

/** One attempt. */
export async function attempt(
  { secrets, reach }: Pick<DeliverDeps, 'secrets' | 'reach'>,
  notifier: Pick<Notifier, 'kind' | 'config' | 'secret'>,
  told: Told,
): Promise<Outcome> {
  const lost = (status: string): Outcome => ({ sent: false, status, again: true, after: null });
  if (notifier.secret !== null && secrets === null) return lost('no key opens its secret');
  let secret = '';
  try {
    secret = notifier.secret === null ? '' : (secrets?.open(notifier.secret) ?? '');
  } catch {
    return lost('its secret was sealed with another key');
  }
  const now = new Date();
  const message = MESSAGES[notifier.kind]({ config: notifier.config, secret }, told, now);
  if (message === null) return { sent: true, status: 'nothing to send' };
  return sendMessage(message, reach, now);
}

async function deliverOne(deps: DeliverDeps, due: Due): Promise<void> {
  const { notifiers } = deps;
  if (due.dropped) return notifiers.settle(due, { state: 'DROPPED', error: null, waitMs: null });
  const outcome = await attempt(deps, due.notifier, due.told);
  if (outcome.sent) return notifiers.settle(due, { state: 'SENT', error: null, waitMs: null });
  const wait = WAITS[due.attempts - 1];
  const again = outcome.again && wait !== undefined;
  await notifiers.settle(due, {
    state: again ? 'PENDING' : 'DEAD',
    error: outcome.status,
    waitMs: again ? Math.max(outcome.after ?? 0, jittered(wait)) : null,
  });
}

const AT_ONCE = 10;

/**
 * Sends what is due, until nothing is. Each is leased for a minute: what a killed process held is sent again, under the same
 * id, by another.
 */
export async function deliver(deps: DeliverDeps): Promise<void> {
  for (;;) {
    const due = await deps.notifiers.lease(AT_ONCE);
    for (const one of due) await deliverOne(deps, one);
    if (due.length < AT_ONCE) return;
  }
}
