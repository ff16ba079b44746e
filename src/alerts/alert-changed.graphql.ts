import { Arg, Resolver, Root, Subscription } from 'type-graphql';
import type { Events } from '../database/events.js';
import { follow, type Told } from '../graphql/follow.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { pageRequest } from '../query/page.js';
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

/** Oldest change first. @throws ApiError BAD_USER_INPUT for a filter that is none */
function changes({ filter, after }: Args, { stores, events, now }: Context) {
  let since = after ?? now().toISOString();
  changedCondition(filter, { since }, now());
  const sent = new Map<string, string>();
  const load = async (news: Told): Promise<readonly Alert[]> => {
    const wanted = changedCondition(filter, news.gap ? { since } : news, now());
    const alerts = await stores.alerts.page(wanted, pageRequest({ first: AT_ONCE }, BY_CHANGE));
    since = alerts.at(-1)?.changedAt ?? since;
    return alerts.filter(isOther(sent));
  };
  return follow({ events, kind: 'alert', load, atOnce: typeof after === 'string' });
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
