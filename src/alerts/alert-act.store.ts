import type { EntityManager } from 'typeorm';
import { type Columns, int4, nullable, oneOf, statement, text, uuid } from '../database/row.js';
import { CLUSTER, unnest } from '../database/statement.js';
import { dateTimeText } from '../query/date-time.js';
import type { AlertKey } from './alert.store.js';
import { type AlertAct, AlertActState } from './alert-act.js';
import { AlertEnforcement } from './alert-rule.js';

export type AlertActStore = {
  /** Asks for what is not asked for already: at most once a day. */
  request(acts: readonly AlertAct[]): Promise<void>;
  /** Oldest first. */
  ofAlerts(alerts: readonly AlertKey[]): Promise<readonly AlertAct[]>;
  /** By their own ids, in no order. */
  byIds(keys: readonly AlertKey[]): Promise<readonly AlertAct[]>;
  /** Decides once; null: somebody has decided already, or it is too late. */
  decide(key: AlertKey, state: AlertActState, who: string): Promise<AlertAct | null>;
};

const ACT: Columns<AlertAct> = {
  clusterId: int4,
  id: uuid,
  alertId: uuid,
  kind: oneOf(AlertEnforcement),
  state: oneOf(AlertActState),
  requestedAt: text,
  decidedAt: nullable(text),
  decidedBy: nullable(text),
};

const STATEMENTS = {
  ofAlerts: statement('alertActs.ofAlerts', ACT),
  byIds: statement('alertActs.byIds', ACT),
  decide: statement('alertActs.decide', ACT),
} as const;

/** SQL: whether it is too late to decide about the action `t`. */
const EXPIRED = `(t.requested_at <= now() - interval '24 hours' or exists (select from alert a
    where a.cluster_id = t.cluster_id and a.id = t.alert_id and a.state = 'RESOLVED'))`;

const COLUMNS = `t.cluster_id as "clusterId", t.id, t.alert_id as "alertId", t.kind,
  case when t.state = 'REQUESTED' and ${EXPIRED} then 'EXPIRED' else t.state end as state,
  ${dateTimeText('t.requested_at')} as "requestedAt", ${dateTimeText('t.decided_at')} as "decidedAt", t.decided_by as "decidedBy"`;

export const alertActStore = (manager: EntityManager): AlertActStore => ({
  request: async acts => {
    const { from, values } = unnest(acts, 'x', {
      cluster_id: ['int', row => row.clusterId],
      id: ['uuid', row => row.id],
      alert_id: ['uuid', row => row.alertId],
      kind: ['text', row => row.kind],
      state: ['text', row => row.state],
      requested_at: ['timestamptz', row => row.requestedAt],
    });
    await manager.query(
      `/* alertActs.request */ insert into alert_action (cluster_id, id, alert_id, kind, state, requested_at)
      select x.* from ${from} where not exists (select from alert_action t where t.cluster_id = x.cluster_id
        and t.alert_id = x.alert_id and t.kind = x.kind and t.state <> 'EXPIRED'
        and t.requested_at > now() - interval '24 hours') on conflict do nothing`,
      [...values],
    );
  },
  ofAlerts: keys =>
    STATEMENTS.ofAlerts.rows(
      manager,
      `select ${COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
      join alert_action t on t.cluster_id = k.cluster_id and t.alert_id = k.id order by t.requested_at, t.id`,
      [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id)],
    ),
  byIds: keys =>
    STATEMENTS.byIds.rows(
      manager,
      `select ${COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
      cross join lateral (
        select * from alert_action where cluster_id = k.cluster_id and id = k.id offset 0) t`,
      [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id)],
    ),
  decide: async ({ clusterId, id }, state, who) => {
    const [row = null] = await STATEMENTS.decide.rows(
      manager,
      `with t as (update alert_action t set state = $3, decided_at = clock_timestamp(), decided_by = $4
        where cluster_id = ${CLUSTER} and id = $2 and state = 'REQUESTED' and not ${EXPIRED} returning *) select ${COLUMNS} from t`,
      [clusterId, id, state, who],
    );
    return row;
  },
});
