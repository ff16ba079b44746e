import { type Caller, seesWhole } from '../access/caller.js';
import { MASKED_KIND, maskedPeers, maskedPeersOfLists } from '../access/masked.js';
import { inClusters, visible } from '../access/visible.js';
import { and, asking, type Condition, condition, joined, or } from '../query/condition.js';
import { ALERT_COLUMNS, ALERT_MESSAGE } from './alert-row.js';

/** What a statement of alerts needs for its caller. */
export type AskedAlerts = {
  /** `with` items, empty or with a comma behind them; the same as a whole clause. */
  readonly items: string;
  readonly clause: string;
  /** Of `alert a` with `ALERT_TABLES`, as the caller is told of it. */
  readonly columns: string;
  /** Of an alert `a`: its deployment, or what else it is about, is in the scope. */
  readonly seen: string;
  /** The same by key, where `a` is not in the statement. */
  readonly isSeen: (clusterId: string, id: string) => string;
};

/** An alert's text and the name of its group tell who its other ends are: where one is outside of the scope, neither is told. */
const MASKED_COLUMNS = ALERT_COLUMNS.replace(
  `${ALERT_MESSAGE} as message`,
  `case when p.kind = '${MASKED_KIND}' or a.rule = 'LATERAL_SCAN'
    then 'what the rule ' || a.rule || ' tells of; peers outside of your scope take part in it'
    else a.message end as message`,
).replace(
  'a.group_name as "groupName"',
  `case when p.kind = '${MASKED_KIND}' then 'masked' else a.group_name end as "groupName"`,
);

/** What is about a policy is seen by who sees the policy; what is about a whole cluster, by who sees all of it. */
const seenBy = (caller: Caller): Condition =>
  seesWhole(caller)
    ? inClusters(caller, 'a.cluster_id')
    : or([
        and([
          inClusters(caller, 'a.cluster_id'),
          condition('(a.cluster_id, a.deployment_id) in (select cluster_id, id from own_peer)'),
        ]),
        and([
          condition('a.deployment_id is null'),
          visible(caller, { clusterId: 'a.cluster_id', namespace: 'a.namespace' }),
        ]),
      ]);

function askedWith(caller: Caller, masked: string, seen: string): AskedAlerts {
  const items = masked === '' ? '' : `${masked}, `;
  return {
    items,
    clause: masked === '' ? '' : `with ${masked} `,
    columns: seesWhole(caller) ? ALERT_COLUMNS : MASKED_COLUMNS,
    seen,
    isSeen: (clusterId, id) =>
      `exists (select from alert a where a.cluster_id = ${clusterId} and a.id = ${id} and ${seen})`,
  };
}

/** A statement of alerts with values of its own, for the eyes of the caller. */
export const askedOfAlerts = (
  caller: Caller,
  values: readonly unknown[],
  text: (asked: AskedAlerts) => string,
): Condition =>
  asking(values, [joined(maskedPeers(caller), ', '), seenBy(caller)], (masked, seen) =>
    text(askedWith(caller, masked, seen)),
  );

/**
 * The same of the alerts `a` that conditions find.
 * @param from the `FROM` item `a`
 */
export const foundAlerts = (
  caller: Caller,
  { conditions, from }: { readonly conditions: readonly Condition[]; readonly from: Condition },
  text: (asked: AskedAlerts, found: string, from: string) => string,
): Condition =>
  asking(
    [],
    [joined(maskedPeersOfLists(caller), ', '), and([seenBy(caller), and(conditions)]), from],
    (masked, found, rows) => text(askedWith(caller, masked, found), found, rows),
  );

/** Every alert. */
export const ALERTS = condition('alert a');
