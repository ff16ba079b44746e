import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { type Columns, int4, statement, text, uuid } from '../database/row.js';
import type { Condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
  walked,
} from '../query/page.js';
import type { Alert } from './alert.js';
import { LAST_OCCURRED } from './alert-filter.js';
import { ALERT, ALERT_TABLES } from './alert-row.js';
import { ALERTS, type AskedAlerts, askedOfAlerts, foundAlerts } from './alert-seen.js';
import type { AlertComment } from './comment.js';
import { expiring } from './expire-text.js';

export type AlertKey = { readonly clusterId: number; readonly id: string };

export type FlowOfAlert = AlertKey & { readonly flowId: string };

/** What a change leaves in an alert. Times are ISO text. */
export type AlertChange = {
  readonly state: 'OPEN' | 'SNOOZED' | 'RESOLVED';
  readonly snoozedUntil: string | null;
  readonly resolvedAt: string | null;
  readonly resolution: string | null;
  readonly resolvedBy: string | null;
};

/** All of it of what the caller sees: alerts of deployments that it sees. */
export type AlertStore = {
  /**
   * Changes alerts of deployments that the caller sees, and what belongs to them; answers the alerts of the keys, in no
   * order.
   */
  change(keys: readonly AlertKey[], change: AlertChange): Promise<readonly Alert[]>;
  byIds(keys: readonly AlertKey[]): Promise<readonly Alert[]>;
  /** At most `limit` of those that a filter finds, for a change; locked until the transaction ends. */
  lockFound(filter: Condition, limit: number): Promise<readonly AlertKey[]>;
  /** The latest hundred alerts of each deployment, latest first, without what belongs to others. */
  ofDeployments(deployments: readonly AlertKey[]): Promise<readonly Alert[]>;
  /** Of the alerts that each of these flows raised at most `most`, latest first; `flowId` is the flow that is asked for. */
  ofFlows(flows: readonly AlertKey[], most: number): Promise<readonly Alert[]>;
  /** The latest flows of each alert, at most ten, latest first. */
  flowsOf(alerts: readonly AlertKey[]): Promise<readonly FlowOfAlert[]>;
  /** All flows of the alerts and of what belongs to them, without order. */
  everyFlowOf(alerts: readonly AlertKey[]): Promise<readonly FlowOfAlert[]>;
  comment(comment: AlertComment): Promise<void>;
  /** Of each the latest `MOST_COMMENTS`, oldest first. */
  commentsOf(alerts: readonly AlertKey[]): Promise<readonly AlertComment[]>;
  /** Of what belongs to each of these alerts at most `most`, latest first. */
  ofLeads(leads: readonly AlertKey[], most: number): Promise<readonly Alert[]>;
  /** @param filter over alert a */
  page(filter: Condition, request: PageRequest): Promise<readonly (Alert & Keyed)[]>;
  count(filter: Condition): Promise<number>;
};

const FLOW_OF_ALERT: Columns<FlowOfAlert> = { clusterId: int4, id: uuid, flowId: uuid };

const STATEMENTS = {
  change: statement('alerts.change', ALERT),
  byIds: statement('alerts.byIds', ALERT),
  lockFound: statement<AlertKey>('alerts.lockFound', { clusterId: int4, id: uuid }),
  ofDeployments: statement('alerts.ofDeployments', ALERT),
  ofFlows: statement<Alert & { readonly flowId: string }>('alerts.ofFlows', {
    ...ALERT,
    flowId: uuid,
  }),
  ofLeads: statement('alerts.ofLeads', ALERT),
  flowsOf: statement<FlowOfAlert>('alerts.flowsOf', FLOW_OF_ALERT),
  everyFlowOf: statement<FlowOfAlert>('alerts.everyFlowOf', FLOW_OF_ALERT),
  commentsOf: statement<AlertComment>('alerts.commentsOf', {
    clusterId: int4,
    id: uuid,
    alertId: uuid,
    createdAt: text,
    author: text,
    text: text,
  }),
  page: statement<Alert & Keyed>('alerts.page', { ...ALERT, ...KEYED }),
  count: statement('alerts.count', COUNTED),
} as const;

/** More of one deployment are a page of `alerts`. */
const OF_ONE_DEPLOYMENT = 100;

/** Comments that an alert shows. */
const MOST_COMMENTS = 100;

const keysOf = (keys: readonly AlertKey[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ id }) => id),
];

const KEYS = 'from unnest($1::int[], $2::uuid[]) k (cluster_id, id)';

/** The alerts whose `column` is the key `k`, each with what is told of it. */
const OF_KEYS = (column: string): string => `${KEYS}
  cross join lateral (select * from alert where cluster_id = k.cluster_id and ${column} = k.id offset 0) a ${ALERT_TABLES}`;

/** The alert with the key `k` and what belongs to it, as the table `a`. */
const ALL_OF = (columns: string, k: string): string => `cross join lateral (
    select ${columns} from alert where cluster_id = ${k}.cluster_id and id = ${k}.id
    union all
    select ${columns} from alert where cluster_id = ${k}.cluster_id and lead_id = ${k}.id offset 0) a`;

const changing = ({
  items,
  columns,
  seen,
}: AskedAlerts): string => `with ${items}wanted as materialized (
    select a.cluster_id, a.id ${OF_KEYS('id')} where ${seen}),
  touched as materialized (select distinct a.cluster_id, a.id from wanted w ${ALL_OF('cluster_id, id', 'w')}),
  changed as (
    update alert a set state = $3, snoozed_until = $4::timestamptz, resolved_at = $5::timestamptz, resolution = $6,
      resolved_by = $7
    from touched t where a.cluster_id = t.cluster_id and a.id = t.id returning a.*),
  expired as (${expiring(`(select cluster_id, id from changed where state = 'RESOLVED')`)})
  select ${columns} from changed a ${ALERT_TABLES}
  where (a.cluster_id, a.id) in (select cluster_id, id from wanted)`;

const listing = (manager: EntityManager, caller: Caller) => {
  const asked = (keys: readonly AlertKey[], text: (asked: AskedAlerts) => string): Condition =>
    askedOfAlerts(caller, keysOf(keys), text);
  return {
    ofDeployments: (keys: readonly AlertKey[]) =>
      STATEMENTS.ofDeployments.ask(
        manager,
        asked(
          keys,
          ({ clause, columns, seen }) => `${clause}select x.* ${KEYS}
      cross join lateral (select ${columns} from alert a ${ALERT_TABLES}
        where a.cluster_id = k.cluster_id and a.deployment_id = k.id and a.lead_id is null and ${seen}
        order by a.last_occurred_at desc, a.id desc limit ${OF_ONE_DEPLOYMENT}) x`,
        ),
      ),
    ofFlows: (keys: readonly AlertKey[], most: number) =>
      STATEMENTS.ofFlows.ask(
        manager,
        asked(
          keys,
          ({ clause, columns, seen }) => `${clause}select x.* ${KEYS} cross join lateral (
      select ${columns.replace('a.flow_id as "flowId"', 'm.flow_id as "flowId"')}
      from (select * from alert_match where cluster_id = k.cluster_id and flow_id = k.id offset 0) m
      cross join lateral (select * from alert where cluster_id = m.cluster_id and id = m.alert_id offset 0) a ${ALERT_TABLES}
      where ${seen} order by a.last_occurred_at desc, a.id desc limit ${most}) x`,
        ),
      ),
    ofLeads: (keys: readonly AlertKey[], most: number) =>
      STATEMENTS.ofLeads.ask(
        manager,
        asked(
          keys,
          ({ clause, columns, seen }) => `${clause}select x.* ${KEYS} cross join lateral (
      select ${columns} from alert a ${ALERT_TABLES} where a.cluster_id = k.cluster_id and a.lead_id = k.id and ${seen}
      order by a.last_occurred_at desc, a.id desc limit ${most}) x`,
        ),
      ),
    byIds: (keys: readonly AlertKey[]) =>
      STATEMENTS.byIds.ask(
        manager,
        asked(
          keys,
          ({ clause, columns, seen }) =>
            `${clause}select ${columns} ${OF_KEYS('id')} where ${seen}`,
        ),
      ),
  };
};

/** More are a page of `flows`. */
const FLOWS_OF_ONE = 10;

const matching = (manager: EntityManager, caller: Caller) => ({
  flowsOf: (keys: readonly AlertKey[]) =>
    STATEMENTS.flowsOf.ask(
      manager,
      askedOfAlerts(
        caller,
        keysOf(keys),
        ({ clause, isSeen }) => `${clause}select x.* ${KEYS} cross join lateral (
        select m.cluster_id as "clusterId", m.alert_id as id, m.flow_id as "flowId" from alert_match m
        where m.cluster_id = k.cluster_id and m.alert_id = k.id
        order by m.last_occurred_at desc, m.flow_id desc limit ${FLOWS_OF_ONE}) x where ${isSeen('k.cluster_id', 'k.id')}`,
      ),
    ),
  everyFlowOf: (keys: readonly AlertKey[]) =>
    STATEMENTS.everyFlowOf.ask(
      manager,
      askedOfAlerts(
        caller,
        keysOf(keys),
        ({
          clause,
          isSeen,
        }) => `${clause}select m.cluster_id as "clusterId", m.alert_id as id, m.flow_id as "flowId"
      ${KEYS} ${ALL_OF('cluster_id, id', 'k')}
      cross join lateral (select * from alert_match where cluster_id = a.cluster_id and alert_id = a.id offset 0) m where ${isSeen('k.cluster_id', 'k.id')}`,
      ),
    ),
  comment: async ({ clusterId, id, alertId, createdAt, author, text: said }: AlertComment) => {
    await manager.query(
      `/* alerts.comment */ insert into alert_comment (cluster_id, id, alert_id, created_at, author, text)
      values ($1, $2, $3, $4, $5, $6)`,
      [clusterId, id, alertId, createdAt, author, said],
    );
  },
  commentsOf: (keys: readonly AlertKey[]) =>
    STATEMENTS.commentsOf.ask(
      manager,
      askedOfAlerts(
        caller,
        keysOf(keys),
        ({
          clause,
          isSeen,
        }) => `${clause}select m.cluster_id as "clusterId", m.id, m.alert_id as "alertId", ${dateTimeText('m.created_at')} as "createdAt",
        m.author, m.text
      ${KEYS}
      cross join lateral (select * from alert_comment where cluster_id = k.cluster_id and alert_id = k.id
        order by created_at desc, id desc limit ${MOST_COMMENTS}) m
      where ${isSeen('k.cluster_id', 'k.id')} order by m.created_at, m.id`,
      ),
    ),
});

const lists = (manager: EntityManager, caller: Caller) => ({
  lockFound: (filter: Condition, limit: number) =>
    STATEMENTS.lockFound.ask(
      manager,
      foundAlerts(
        caller,
        { conditions: [filter], from: ALERTS },
        (
          { clause },
          found,
        ) => `${clause}select a.cluster_id as "clusterId", a.id from alert a where ${found}
        order by a.cluster_id, a.id limit ${limit} for update of a`,
      ),
    ),
  page: (filter: Condition, request: PageRequest) =>
    STATEMENTS.page.ask(
      manager,
      foundAlerts(
        caller,
        { conditions: [filter], from: walked(['alert', 'a'], request, LAST_OCCURRED) },
        (
          { clause, columns },
          found,
          from,
        ) => `${clause}select ${columns}${cursorColumn(request)} from (
          select a.* from ${from} where ${found} ${request.orderBy} limit ${request.fetch}) a ${ALERT_TABLES} ${request.orderBy}`,
      ),
    ),
  count: async (filter: Condition) => {
    const { sql, values } = foundAlerts(
      caller,
      { conditions: [filter], from: ALERTS },
      ({ clause }, found) => `${clause}${countText(`from alert a where ${found}`)}`,
    );
    return (await STATEMENTS.count.row(manager, sql, values)).count;
  },
});

export const alertStore = (manager: EntityManager, caller: Caller): AlertStore => ({
  ...listing(manager, caller),
  ...lists(manager, caller),
  ...matching(manager, caller),
  change: (keys, { state, snoozedUntil, resolvedAt, resolution, resolvedBy }) =>
    STATEMENTS.change.ask(
      manager,
      askedOfAlerts(
        caller,
        [...keysOf(keys), state, snoozedUntil, resolvedAt, resolution, resolvedBy],
        changing,
      ),
    ),
});
