import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { and, type Condition, condition, EVERYTHING, sql } from '../query/condition.js';
import { ofPeers } from './flow-condition.js';
import type { FlowSelection } from './flow-selection.js';

export const ALL_FLOWS: FlowSelection = {
  clusters: EVERYTHING,
  rows: EVERYTHING,
  narrowings: [],
  seen: [],
};

/** Who may see one namespace sees the flows that touch it with either end, not those beside it. */
function touched(caller: Caller): Condition {
  if (caller.namespaces === 'ALL') return EVERYTHING;
  const peers = visible(caller, { clusterId: 'p.cluster_id', namespace: 'p.namespace' });
  return ofPeers({ ends: ['source', 'destination'], peers: condition(peers) });
}

/** What the caller may see of a selection, and the clusters of the list as the `with` item `k`. */
export function seenFlows(
  caller: Caller,
  selection: FlowSelection,
): { readonly selection: FlowSelection; readonly clusters: Condition } {
  const seen = condition(visible(caller, { clusterId: 'c.id', namespace: null }));
  return {
    selection: { ...selection, rows: and([selection.rows, touched(caller)]) },
    clusters: sql`k as materialized (select c.id, c.name, c.newest_observation_at from cluster c
      where ${and([selection.clusters, seen])})`,
  };
}
