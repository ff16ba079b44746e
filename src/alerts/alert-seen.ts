import { type Caller, seesWhole } from '../access/caller.js';
import { MASKED_KIND, maskedPeers } from '../access/masked.js';
import { inClusters } from '../access/visible.js';
import { and, asking, type Condition, condition, joined } from '../query/condition.js';
import {
  ALERT_COLUMNS,
  ALERT_ENDS,
  ALERT_FROM,
  ALERT_LIST_FROM,
  ALERT_MESSAGE,
} from './alert-row.js';

/** What a statement of alerts needs for its caller. */
export type AskedAlerts = {
  /** `with` items, empty or with a comma behind them; the same as a whole clause. */
  readonly items: string;
  readonly clause: string;
  /** Of `alert a` with `ALERT_FROM`, as the caller is told of it. */
  readonly columns: string;
  /** `ALERT_FROM` for lists: who sees all peers has them looked up one by one. */
  readonly from: string;
  /** What `columns` need beside the rows `a` of a list. */
  readonly ends: string;
  /** Of an alert `a` with its deployment `d`: the deployment is in the scope. */
  readonly seen: string;
  /** The same by key, where `a` and `d` are not in the statement. */
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

const seenBy = (caller: Caller): Condition =>
  and([
    inClusters(caller, 'a.cluster_id'),
    condition(
      seesWhole(caller) ? 'true' : '(d.cluster_id, d.id) in (select cluster_id, id from own_peer)',
    ),
  ]);

function askedWith(caller: Caller, masked: string, seen: string): AskedAlerts {
  const items = masked === '' ? '' : `${masked}, `;
  return {
    items,
    clause: masked === '' ? '' : `with ${masked} `,
    columns: seesWhole(caller) ? ALERT_COLUMNS : MASKED_COLUMNS,
    from: seesWhole(caller) ? ALERT_LIST_FROM : ALERT_FROM,
    ends: seesWhole(caller) ? '' : ALERT_ENDS,
    seen,
    isSeen: (clusterId, id) =>
      `exists (select ${ALERT_FROM} where a.cluster_id = ${clusterId} and a.id = ${id} and ${seen})`,
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

/** The same of the alerts that conditions find. */
export const foundAlerts = (
  caller: Caller,
  conditions: readonly Condition[],
  text: (asked: AskedAlerts, found: string) => string,
): Condition =>
  asking(
    [],
    [joined(maskedPeers(caller), ', '), and([seenBy(caller), and(conditions)])],
    (masked, found) => text(askedWith(caller, masked, found), found),
  );
