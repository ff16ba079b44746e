import type { EntityManager } from 'typeorm';
import { statement, uuid } from '../database/row.js';
import { asInt8, CLUSTER, plainArray, sumOfInt8 } from '../database/statement.js';
import { ofPeer } from '../flows/flow-peers.js';
import type { TakenCount } from '../flows/recognise/news.js';
import { timeText } from '../flows/time.js';
import { PeerGroup } from './alert.js';
import type { Place } from './incident.js';
import { OF_LATER, OF_LEAD, SEVERITY, UNION } from './raise-text.js';

type Match = { readonly alertId: string; readonly flowId: string };

/** What a flow added to an alert belongs to another one. */
export type MatchMove = Match & { readonly to: Place };

export type AlertMoveStore = {
  /**
   * Takes from alerts what flows added to them and is others' now: of denials and audits what was denied and audited, of any other
   * rule all. An alert that nothing is left of goes, with its comments.
   */
  takeFrom(clusterId: number, taken: readonly TakenCount[]): Promise<void>;
  /** Flows have become others: alerts are of what they became, and counts of two that became one are added up. */
  moveFlows(
    clusterId: number,
    moves: readonly { readonly from: string; readonly to: string }[],
  ): Promise<void>;
  /** Flows to these peers that are in alerts. */
  flowsTo(clusterId: number, peers: readonly string[]): Promise<readonly string[]>;
  /** The alerts that flows are in, but for scans and volumes; in the order of alerts and flows. */
  matchesOf(clusterId: number, flows: readonly string[]): Promise<readonly Match[]>;
  /** Adds what the flow added to the alert that it belongs to, which has the state of the first one where it is new. */
  moveMatch(clusterId: number, move: MatchMove): Promise<void>;
  /** Deletes alerts that nothing is left of; their comments go along. @returns the others, with their latest flows */
  dropEmpty(clusterId: number, moved: readonly MatchMove[]): Promise<readonly Match[]>;
  tellLatest(clusterId: number, alertId: string, flowId: string, place: Place): Promise<void>;
};

const MATCH = { alertId: uuid, flowId: uuid } as const;
const MATCHES_OF = statement<Match>('alertMoves.matchesOf', MATCH);
const LATEST_OF = statement<Match>('alertMoves.latestOf', MATCH);

const OF_NO_FLOW = [PeerGroup.SCAN, PeerGroup.VOLUME].map(kind => `'${kind}'`).join(', ');

const IS_OPEN = "'OPEN' in (stored.state, excluded.state)";
const OF_OPEN = (column: string): string =>
  `${column} = case when ${IS_OPEN} then null else stored.${column} end`;

/** `$2` the alert, `$3` the flow, `$4` to `$9` the place. */
const ADD = `/* alertMoves.add */
  insert into alert as stored (cluster_id, id, rule, category, severity, state, deployment_id, peer_id, flow_id, message,
    occurrences, first_occurred_at, last_occurred_at, rank, rules, rule_ids, group_kind, group_name, passed, why,
    snoozed_until, resolved_at, resolution, resolved_by)
  select $1::int, $4::uuid, a.rule, a.category, a.severity, a.state, $5::uuid, $6::uuid, m.flow_id, $9::text,
    m.events, m.first_occurred_at, m.last_occurred_at, a.rank, m.rules, a.rule_ids, $7::text, $8::text, m.passed, a.why,
    a.snoozed_until, a.resolved_at, a.resolution, a.resolved_by
  from alert a join alert_match m on m.cluster_id = a.cluster_id and m.alert_id = a.id and m.flow_id = $3::uuid
  where a.cluster_id = ${CLUSTER} and a.id = $2::uuid
  on conflict (cluster_id, id) do update set state = case when ${IS_OPEN} then 'OPEN' else stored.state end,
    ${['snoozed_until', 'resolved_at', 'resolution', 'resolved_by'].map(OF_OPEN).join(', ')},
    ${['message', 'flow_id', 'peer_id'].map(OF_LATER).join(', ')},
    ${['rule', 'why', 'category', 'rank'].map(OF_LEAD).join(', ')},
    severity = case when ${SEVERITY('excluded.severity')} > ${SEVERITY('stored.severity')} then excluded.severity else stored.severity end,
    ${UNION('rules', 'text')}, ${UNION('rule_ids', 'uuid')},
    occurrences = ${sumOfInt8('stored.occurrences', 'excluded.occurrences')}, passed = ${sumOfInt8('stored.passed', 'excluded.passed')},
    first_occurred_at = least(stored.first_occurred_at, excluded.first_occurred_at),
    last_occurred_at = greatest(stored.last_occurred_at, excluded.last_occurred_at)`;

const MOVE_ONE = `/* alertMoves.moveOne */
  with gone as (delete from alert_match where cluster_id = ${CLUSTER} and alert_id = $2::uuid and flow_id = $3::uuid returning *),
  less as (update alert a set occurrences = a.occurrences - g.events, passed = a.passed - g.passed
    from gone g where a.cluster_id = ${CLUSTER} and a.id = $2::uuid)
  insert into alert_match as stored (cluster_id, alert_id, flow_id, rules, events, passed, first_occurred_at, last_occurred_at)
  select cluster_id, $4::uuid, flow_id, rules, events, passed, first_occurred_at, last_occurred_at from gone
  on conflict (cluster_id, alert_id, flow_id) do update set ${UNION('rules', 'text')},
    events = ${sumOfInt8('stored.events', 'excluded.events')}, passed = ${sumOfInt8('stored.passed', 'excluded.passed')},
    first_occurred_at = least(stored.first_occurred_at, excluded.first_occurred_at),
    last_occurred_at = greatest(stored.last_occurred_at, excluded.last_occurred_at)`;

const IS_EMPTY = `not exists (select from alert_match m where m.cluster_id = ${CLUSTER} and m.alert_id = x.id)`;

const MOVE_COMMENTS = `/* alertMoves.moveComments */
  update alert_comment c set alert_id = x.target from unnest($2::uuid[], $3::uuid[]) x (id, target)
  where c.cluster_id = ${CLUSTER} and c.alert_id = x.id and ${IS_EMPTY}`;

const DROP = `/* alertMoves.drop */
  delete from alert a using unnest($2::uuid[]) x (id) where a.cluster_id = ${CLUSTER} and a.id = x.id and ${IS_EMPTY}`;

const LATEST = `
  select m.alert_id as "alertId", m.flow_id as "flowId" from unnest($2::uuid[]) x (id)
  cross join lateral (select * from alert_match where cluster_id = ${CLUSTER} and alert_id = x.id
    order by last_occurred_at desc, flow_id desc limit 1) m`;

const TELL = `/* alertMoves.tell */
  update alert set flow_id = $3::uuid, peer_id = $4::uuid, message = $5::text where cluster_id = ${CLUSTER} and id = $2::uuid`;

const MOVE = `/* alertMoves.moveMatches */
  with gone as (
    delete from alert_match a using unnest($2::uuid[], $3::uuid[]) m (old, new)
    where a.cluster_id = ${CLUSTER} and a.flow_id = m.old returning a.*, m.new
  )
  insert into alert_match as stored (cluster_id, alert_id, flow_id, rules, events, passed, first_occurred_at, last_occurred_at)
  select distinct on (g.alert_id, g.new) g.cluster_id, g.alert_id, g.new, g.rules, sum(g.events) over w, sum(g.passed) over w,
    min(g.first_occurred_at) over w, max(g.last_occurred_at) over w
  from gone g window w as (partition by g.alert_id, g.new) order by g.alert_id, g.new
  on conflict (cluster_id, alert_id, flow_id) do update set events = ${sumOfInt8('stored.events', 'excluded.events')},
    passed = ${sumOfInt8('stored.passed', 'excluded.passed')},
    first_occurred_at = least(stored.first_occurred_at, excluded.first_occurred_at),
    last_occurred_at = greatest(stored.last_occurred_at, excluded.last_occurred_at)`;

const IS_COUNTED = `(not m.rules <@ array['DENIED', 'AUDITED'] or t.verdict = 'DENIED' and 'DENIED' = any(m.rules)
      or t.verdict = 'AUDIT' and 'AUDITED' = any(m.rules))`;

/** What is left of a match was seen as far as the flow still was. */
const TAKE = `with less as (
    select m.alert_id, m.flow_id, min(t.first) as first, max(t.last) as last, coalesce(sum(t.events), 0)::bigint as events,
      coalesce(sum(t.events) filter (where t.verdict <> 'DENIED' and t.verdict <> 'ERROR'), 0)::bigint as passed
    from unnest($2::uuid[], $3::text[], $4::bigint[], $5::timestamptz[], $6::timestamptz[]) t (flow_id, verdict, events, first, last)
    cross join lateral (select * from alert_match where cluster_id = ${CLUSTER} and flow_id = t.flow_id offset 0) m
    where ${IS_COUNTED} group by m.alert_id, m.flow_id
  ) update alert_match m set events = greatest(m.events - l.events, 0), passed = greatest(m.passed - l.passed, 0),
    first_occurred_at = greatest(m.first_occurred_at, l.first), last_occurred_at = least(m.last_occurred_at, l.last)
  from less l where m.cluster_id = ${CLUSTER} and m.alert_id = l.alert_id and m.flow_id = l.flow_id
  returning m.alert_id as "alertId"`;

const RESUM = `/* alertMoves.resum */
  with gone as (delete from alert_match where cluster_id = ${CLUSTER} and alert_id = any($2::uuid[]) and events = 0 returning alert_id),
  left_over as (select alert_id, ${asInt8('sum(events)')} as events, ${asInt8('sum(passed)')} as passed,
      min(first_occurred_at) as first, max(last_occurred_at) as last from alert_match
    where cluster_id = ${CLUSTER} and alert_id = any($2::uuid[]) and events > 0 group by 1),
  empty as (delete from alert a where a.cluster_id = ${CLUSTER} and a.id in (select alert_id from gone)
    and not exists (select from left_over l where l.alert_id = a.id))
  update alert a set occurrences = l.events, passed = l.passed, first_occurred_at = l.first, last_occurred_at = l.last
  from left_over l where a.cluster_id = ${CLUSTER} and a.id = l.alert_id`;

const FLOWS_TO = statement<{ readonly flowId: string }>('alertMoves.flowsTo', { flowId: uuid });
const TAKEN = statement<{ readonly alertId: string }>('alertMoves.takeFrom', { alertId: uuid });

type Moves = Omit<AlertMoveStore, 'moveFlows' | 'takeFrom' | 'flowsTo'>;

const regrouping = (manager: EntityManager): Moves => ({
  matchesOf: (clusterId, flows) =>
    MATCHES_OF.rows(
      manager,
      `select m.alert_id as "alertId", m.flow_id as "flowId" from unnest($2::uuid[]) k (id)
      cross join lateral (select * from alert_match where cluster_id = ${CLUSTER} and flow_id = k.id offset 0) m
      cross join lateral (select * from alert where cluster_id = ${CLUSTER} and id = m.alert_id offset 0) a
      where a.group_kind not in (${OF_NO_FLOW}) order by 1, 2`,
      [clusterId, [...new Set(flows)]],
    ),
  moveMatch: async (clusterId, { alertId, flowId, to }) => {
    const { id, deploymentId, peerId, groupKind, groupName, line } = to;
    const place = [deploymentId, peerId, groupKind, groupName, line];
    await manager.query(ADD, [clusterId, alertId, flowId, id, ...place]);
    await manager.query(MOVE_ONE, [clusterId, alertId, flowId, id]);
  },
  dropEmpty: async (clusterId, moved) => {
    const targets = new Map(moved.map(({ alertId, to }) => [alertId, to.id]));
    const ids = plainArray([...targets.keys()], id => id);
    await manager.query(MOVE_COMMENTS, [
      clusterId,
      ids,
      plainArray([...targets.values()], id => id),
    ]);
    await manager.query(DROP, [clusterId, ids]);
    return LATEST_OF.rows(manager, LATEST, [clusterId, ids]);
  },
  tellLatest: async (clusterId, alertId, flowId, { peerId, line }) => {
    await manager.query(TELL, [clusterId, alertId, flowId, peerId, line]);
  },
});

export const alertMoveStore = (manager: EntityManager): AlertMoveStore => ({
  ...regrouping(manager),
  flowsTo: async (clusterId, peers) => {
    const rows = await FLOWS_TO.rows(
      manager,
      `select distinct f.id as "flowId" from unnest($2::uuid[]) k (id)
      cross join lateral (select id from flow where cluster_id = ${CLUSTER} and ${ofPeer('destination_id', 'k.id')} offset 0) f
      where exists (select from alert_match m where m.cluster_id = ${CLUSTER} and m.flow_id = f.id) order by 1`,
      [clusterId, peers],
    );
    return rows.map(({ flowId }) => flowId);
  },
  takeFrom: async (clusterId, taken) => {
    if (taken.length === 0) return;
    const rows = await TAKEN.rows(manager, TAKE, [
      clusterId,
      plainArray(taken, ({ flowId }) => flowId),
      plainArray(taken, ({ verdict }) => verdict),
      plainArray(taken, ({ events }) => events),
      taken.map(({ left }) => timeText(left.firstSeen)),
      taken.map(({ left }) => timeText(left.lastSeen)),
    ]);
    if (rows.length === 0) return;
    const alerts = [...new Set(rows.map(({ alertId }) => alertId))];
    await manager.query(RESUM, [clusterId, alerts]);
  },
  moveFlows: async (clusterId, moves) => {
    const values = [clusterId, moves.map(({ from }) => from), moves.map(({ to }) => to)];
    await manager.query(MOVE, values);
    await manager.query(
      `/* alertMoves.moveAlerts */ update alert a set flow_id = m.new from unnest($2::uuid[], $3::uuid[]) m (old, new)
      where a.cluster_id = ${CLUSTER} and a.flow_id = m.old`,
      values,
    );
  },
});
