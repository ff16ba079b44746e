import { Arg, Resolver, Root, Subscription } from 'type-graphql';
import type { Events } from '../database/events.js';
import { follow, type Told } from '../graphql/follow.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { encodeCursor } from '../query/keyset.js';
import { type Keyed, pageRequest } from '../query/page.js';
import type { Alert } from './alert.js';
import type { AlertStore } from './alert.store.js';
import { AlertFilterInput } from './alert-filter.graphql.js';
import { type AlertFilter, BY_CHANGE, changedCondition } from './alert-filter.js';
import { AlertType } from './alert-type.graphql.js';

type Context = {
  readonly now: () => Date;
  readonly events: Events;
  readonly stores: { readonly alerts: Pick<AlertStore, 'page'> };
};

type Args = { readonly filter?: AlertFilter | null; readonly after?: string | null };

/** Alerts that are read at once; one more tells whether there are others. */
const AT_ONCE = 499;

/** Alerts of which it is known how they were sent last. */
const MOST_LAST = 2_000;

/** What was sent as it is already is not sent again: two changes that are read together are one. */
const isOther =
  (sent: Map<string, string>) =>
  ({ clusterId, id, changedAt }: Alert): boolean => {
    const key = `${clusterId} ${id}`;
    if (sent.get(key) === changedAt) return false;
    if (sent.size >= MOST_LAST) sent.clear();
    sent.set(key, changedAt);
    return true;
  };

/** Alerts by their changes, from a moment on. */
type Walk = {
  readonly since: string;
  /** After which row it goes on; null: at its beginning. */
  readonly cursor: string | null;
  /** Something was told while it was under way: it is walked once more from the last change on. */
  readonly again: boolean;
};

const asksWalk = ({ keys, skipped, gap }: Told): boolean =>
  gap || skipped > 0 || keys.length > AT_ONCE;

/** With what was told meanwhile. */
const walkOf = (under: Walk | null, news: Told, since: string): Walk | null => {
  if (under === null) return asksWalk(news) ? { since, cursor: null, again: false } : null;
  return { ...under, again: under.again || news.keys.length > 0 || asksWalk(news) };
};

/** After a page of it; null: it has ended. */
function walkAfter(walk: Walk, page: readonly (Alert & Keyed)[], since: string): Walk | null {
  const key = page.at(-1)?.cursorKey;
  if (key !== undefined && page.length > AT_ONCE)
    return { ...walk, cursor: encodeCursor(BY_CHANGE, key) };
  return walk.again ? { since, cursor: null, again: false } : null;
}

/**
 * Oldest change first. More than are read at once are walked through page by page.
 * @throws ApiError BAD_USER_INPUT for a filter that is none
 */
function changes({ filter, after }: Args, { stores, events, now }: Context) {
  let since = after ?? now().toISOString();
  let walk: Walk | null = null;
  changedCondition(filter, { since }, now());
  const sent = new Map<string, string>();
  const load = async (news: Told): Promise<readonly Alert[]> => {
    walk = walkOf(walk, news, since);
    const wanted = changedCondition(filter, walk ?? news, now());
    const request = pageRequest({ first: AT_ONCE, after: walk?.cursor ?? null }, BY_CHANGE);
    const alerts = await stores.alerts.page(wanted, request);
    since = alerts.at(-1)?.changedAt ?? since;
    walk = walk === null ? null : walkAfter(walk, alerts, since);
    return alerts.filter(isOther(sent));
  };
  const hasMore = (): boolean => walk !== null;
  return follow({ events, kind: 'alert', load, hasMore, atOnce: typeof after === 'string' });
}

@Resolver()
export class AlertChangedResolver {
  @Subscription(() => AlertType, {
    subscribe: ({ args, context }) => changes(args as Args, context as Context) as never,
    description:
      'Each alert that is raised, occurs again, or changes its state, as it is then. A client that is slower than the changes gets the latest state of each.',
  })
  alertChanged(
    @Root() alert: Alert,
    @Arg('filter', () => AlertFilterInput, { nullable: true, description: 'Which alerts' })
    _filter: AlertFilterInput | null,
    @Arg('after', () => DateTimeScalar, {
      nullable: true,
      description:
        'To go on after a break: `changedAt` of the last alert that was received. First come the alerts that changed since; one may come twice',
    })
    _after: string | null,
  ): Alert {
    return alert;
  }
}
