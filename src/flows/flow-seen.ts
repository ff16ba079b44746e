import { type Caller, seesWhole } from '../access/caller.js';
import { MASKED_KIND, maskedPeersOfLists, touchesOwn } from '../access/masked.js';
import { inClusters } from '../access/visible.js';
import { and, asking, type Condition, EVERYTHING, joined, sql } from '../query/condition.js';
import { ALL_PORTS } from './flow-ports.js';
import type { FlowSelection } from './flow-selection.js';

export const ALL_FLOWS: FlowSelection = {
  clusters: EVERYTHING,
  rows: EVERYTHING,
  narrowings: [],
  ports: ALL_PORTS,
  seen: [],
};

/**
 * What the caller may see of a selection, and the `with` items that it needs, among them the clusters of the list as `k`.
 * Who may see one namespace sees the flows that touch it with either end, not those beside it; what a filter asks of an end
 * outside is asked of the mask.
 */
export function seenFlows(
  caller: Caller,
  selection: FlowSelection,
): { readonly selection: FlowSelection; readonly clusters: Condition } {
  const seen = inClusters(caller, 'c.id');
  const masked = maskedPeersOfLists(caller);
  const touched = masked.length === 0 ? EVERYTHING : touchesOwn(caller);
  const clusters = sql`k as materialized (select c.id, c.name, c.newest_observation_at from cluster c
      where ${and([selection.clusters, seen])})`;
  return {
    selection: { ...selection, rows: and([selection.rows, touched]) },
    clusters: joined([...masked, clusters], ', '),
  };
}

/** What a statement of flows `f` needs for its caller. */
export type OwnFlows = {
  /** `with` items, empty or with a comma behind them; the same as a whole clause. */
  readonly items: string;
  readonly clause: string;
  /** Of a flow: an end of it is in the scope. */
  readonly own: string;
  /** Of such a flow: no end of it is outside of the scope. */
  readonly whole: string;
};

const isSeen = (end: string): string =>
  `(select p.kind from peer p where p.cluster_id = f.cluster_id and p.id = f.${end}) <> '${MASKED_KIND}'`;

/** A statement of flows `f` with values of its own, for the eyes of the caller: flows that touch a workload of the scope. */
export const askedOfFlows = (
  caller: Caller,
  values: readonly unknown[],
  text: (flows: OwnFlows) => string,
): Condition =>
  asking(
    values,
    [joined(maskedPeersOfLists(caller), ', '), inClusters(caller, 'f.cluster_id')],
    (items, seen) =>
      text({
        items: items === '' ? '' : `${items}, `,
        clause: items === '' ? '' : `with ${items} `,
        own: `${touchesOwn(caller).sql} and ${seen}`,
        whole: seesWhole(caller)
          ? 'true'
          : `${isSeen('source_id')} and ${isSeen('destination_id')}`,
      }),
  );
