import type { EntityManager } from 'typeorm';
import { int4, oneOf, statement, texts, uuid } from '../database/row.js';
import { CLUSTER, plainArray } from '../database/statement.js';
import { AlertRule, PeerGroup } from './alert.js';
import { alertRuleStore } from './alert-rule.store.js';
import { expiring } from './expire-text.js';

/** What a flow added to an alert that is not resolved. */
export type OpenMatch = {
  readonly clusterId: number;
  readonly alertId: string;
  readonly rule: AlertRule;
  readonly groupKind: PeerGroup;
  readonly flowId: string;
  /** Those that the flow met. */
  readonly rules: readonly string[];
};

export type AlertSettleStore = {
  /** Of the alerts of flows that met a rule, and are not resolved: those after one of them, at most `limit`; in the order of their keys. */
  openOfRule(
    ruleId: string,
    page: { readonly after: OpenMatch | null; readonly limit: number },
  ): Promise<readonly OpenMatch[]>;
  /** Resolves alerts that no rule is about any more. */
  resolve(clusterId: number, alerts: readonly string[], at: string): Promise<void>;
  /**
   * Resolves alerts whose cause is gone: a baseline holds their flows now, or policies and the dataplane let through what they
   * denied, or no rule that they met is enabled any more. Calls of a metadata service or of known bad addresses, and unusual volumes, have no such cause: somebody looks at them; alerts of no deployment are settled
   * where their cause is looked for, but for those of sets that were deleted.
   * Waits for nobody: an alert that is being written is left to the next call.
   * @param clusterId null: of every cluster
   * @param at ISO text
   */
  settle(clusterId: number | null, at: string): Promise<void>;
  /**
   * Forgets what flows that are not stored any more added to resolved alerts, so many rows at most; the alerts keep their counts of
   * events. Answers how many went.
   */
  forgetMatches(most: number): Promise<number>;
  /** Opens alerts whose sleep is over, so that they are told. Waits for nobody, as `settle`. */
  wake(): Promise<void>;
  /** Resolves alerts of flows that turned out to be replies, where no other flow of theirs is in the lists. */
  settleReplies(clusterId: number, flows: readonly string[], at: string): Promise<void>;
};

/** SQL: whether what made the flow `f` meet the rule `r` is still so. */
const STILL = `case r when 'FORBIDDEN' then f.off_locked
    when 'OFF_BASELINE' then f.off_locked or $4::boolean and not f.in_baseline and exists (select from baseline b
      where b.cluster_id = f.cluster_id and b.deployment_id in (f.source_id, f.destination_id) and b.state = 'STABLE')
    when 'DENIED' then f.policy_verdict = 'DENIED' or f.observed_verdict = 'DENIED'
    when 'AUDITED' then f.observed_verdict = 'AUDIT'
    when 'LATERAL_SCAN' then false else not f.in_baseline end`;

/**
 * What a scan tried met other rules, in alerts of its own. Alerts that somebody is writing are left to the next minute: they
 * are locked in another order there, and their cause may be back.
 */
const SETTLE = `/* alertSettles.settle */
  with settled as (select a.cluster_id, a.id from unnest($1::int[], $5::uuid[]) k (cluster_id, id)
  join alert a on a.cluster_id = k.cluster_id and a.id = k.id
  where a.state <> 'RESOLVED' and (a.rule_ids <> '{}' and not a.rule_ids && $3::uuid[]
    or a.group_kind = 'POLICY_SET' and not exists (select from policy_set s where s.cluster_id = a.cluster_id and s.id = a.subject_id)
    or a.deployment_id is not null and not a.rules && array['METADATA', 'KNOWN_BAD', 'EXFILTRATION'] and not exists (
      select from alert_match m join alert_match o on o.cluster_id = m.cluster_id and o.flow_id = m.flow_id
      cross join lateral unnest(o.rules) r
      cross join lateral (select * from flow where cluster_id = m.cluster_id and id = m.flow_id offset 0) f
      where m.cluster_id = a.cluster_id and m.alert_id = a.id and ${STILL}))
  for update of a skip locked),
  resolved as (update alert a set state = 'RESOLVED', resolved_at = $2::timestamptz, resolution = 'its cause is gone', resolved_by = null,
    snoozed_until = null
  from settled s where a.cluster_id = s.cluster_id and a.id = s.id returning a.cluster_id, a.id)
  ${expiring('resolved')}`;

type AlertKey = { readonly clusterId: number; readonly id: string };

const FIRST: AlertKey = { clusterId: 0, id: '00000000-0000-0000-0000-000000000000' };

/** Alerts that one statement looks at: each has flows, and these are in other alerts. */
const LOOKED_AT_ONCE = 5_000;

const OPEN_AFTER = statement<AlertKey>('alertSettles.openAfter', { clusterId: int4, id: uuid });

const OPEN_AFTER_TEXT = `select cluster_id as "clusterId", id from alert
  where ($1::int is null or cluster_id = $1) and state <> 'RESOLVED' and (cluster_id, id) > ($2::int, $3::uuid)
  order by cluster_id, id limit ${LOOKED_AT_ONCE}`;

const SETTLE_REPLIES = `/* alertSettles.settleReplies */
  with resolved as (update alert a set state = 'RESOLVED', resolved_at = $3::timestamptz, resolution = 'its flow is a reply', resolved_by = null,
    snoozed_until = null
  where a.cluster_id = ${CLUSTER} and a.state <> 'RESOLVED'
    and a.id in (select m.alert_id from alert_match m where m.cluster_id = ${CLUSTER} and m.flow_id = any($2::uuid[]))
    and not exists (select from alert_match m
      cross join lateral (select from flow where cluster_id = m.cluster_id and id = m.flow_id offset 0) f
      where m.cluster_id = a.cluster_id and m.alert_id = a.id)
  returning a.cluster_id, a.id) ${expiring('resolved')}`;

const WAKE = `/* alertSettles.wake */
  with woken as (select cluster_id, id from alert where state = 'SNOOZED' and snoozed_until <= now() for update skip locked)
  update alert a set state = 'OPEN', snoozed_until = null from woken w where a.cluster_id = w.cluster_id and a.id = w.id`;

const FORGET_MATCHES = `/* alertSettles.forgetMatches */
  delete from alert_match where (cluster_id, alert_id, flow_id) in (
    select m.cluster_id, m.alert_id, m.flow_id
    from (select cluster_id, id from alert where state = 'RESOLVED' offset 0) a
    cross join lateral (select * from alert_match where cluster_id = a.cluster_id and alert_id = a.id offset 0) m
    where not exists (select from flow f where f.cluster_id = m.cluster_id and f.id = m.flow_id) limit $1)`;

const OPEN_OF_RULE = statement<OpenMatch>('alertSettles.openOfRule', {
  clusterId: int4,
  alertId: uuid,
  rule: oneOf(AlertRule),
  groupKind: oneOf(PeerGroup),
  flowId: uuid,
  rules: texts,
});

const OPEN_MATCHES = `
  select a.cluster_id as "clusterId", a.id as "alertId", a.rule, a.group_kind as "groupKind", m.flow_id as "flowId", m.rules
  from (select * from alert where state <> 'RESOLVED' and rule_ids @> array[$1::uuid]
    and ($2::int is null or (cluster_id, id) >= ($2::int, $3::uuid)) offset 0) a
  cross join lateral (select * from alert_match where cluster_id = a.cluster_id and alert_id = a.id offset 0) m
  where $2::int is null or (m.cluster_id, m.alert_id, m.flow_id) > ($2::int, $3::uuid, $4::uuid)
  order by m.cluster_id, m.alert_id, m.flow_id limit $5`;

const RESOLVE = `/* alertSettles.resolve */
  with resolved as (update alert set state = 'RESOLVED', resolved_at = $3::timestamptz, resolution = 'no rule is about it any more', resolved_by = null,
    snoozed_until = null
  where cluster_id = ${CLUSTER} and id = any($2::uuid[]) and state <> 'RESOLVED' returning cluster_id, id)
  ${expiring('resolved')}`;

export const alertSettleStore = (manager: EntityManager): AlertSettleStore => ({
  settle: async (clusterId, at) => {
    const rules = await alertRuleStore(manager).all();
    const enabled = rules.filter(rule => rule.enabled).map(({ id }) => id);
    const asksStable = rules.some(
      rule => rule.enabled && rule.parameters.stableSeverity !== undefined,
    );
    let after: AlertKey | undefined = FIRST;
    while (after !== undefined) {
      const page: readonly AlertKey[] = await OPEN_AFTER.rows(manager, OPEN_AFTER_TEXT, [
        clusterId,
        after.clusterId,
        after.id,
      ]);
      const ids = plainArray(page, ({ id }) => id);
      const clusters = plainArray(page, one => one.clusterId);
      await manager.query(SETTLE, [clusters, at, enabled, asksStable, ids]);
      after = page.length < LOOKED_AT_ONCE ? undefined : page.at(-1);
    }
  },
  forgetMatches: async most => {
    const [, count] = await manager.query(FORGET_MATCHES, [most]);
    return count;
  },
  wake: async () => {
    await manager.query(WAKE);
  },
  openOfRule: (ruleId, { after, limit }) =>
    OPEN_OF_RULE.rows(manager, OPEN_MATCHES, [
      ruleId,
      after?.clusterId ?? null,
      after?.alertId ?? null,
      after?.flowId ?? null,
      limit,
    ]),
  resolve: async (clusterId, alerts, at) => {
    await manager.query(RESOLVE, [clusterId, alerts, at]);
  },
  settleReplies: async (clusterId, flows, at) => {
    await manager.query(SETTLE_REPLIES, [clusterId, flows, at]);
  },
});
