/**
 * What fields cost that read more than the row that they stand in, as multiples of a plain field (1). Measured on a
 * cluster of 2,000 deployments and 20,000 edges, in tenths of a millisecond of both processes; a test holds the names against the schema.
 */
export const FIELD_COSTS: Readonly<Record<string, number>> = {
  'Query.flowFacets': 5_000,
  'Query.flowSeries': 5_000,
  'Query.flowsOutside': 5_000,
  'Query.networkGraph': 5_000,
  'Query.networkGraphDiff': 10_000,
  'Query.explain': 100,
  'Query.search': 100,
  'Query.auditVerification': 10_000,
  'Query.auditExport': 10_000,
  'Cluster.completeness': 1_000,
  'GeneratePoliciesPayload.completeness': 1_000,
  'NetworkGraphDiff.completenessBefore': 1_000,
  'NetworkGraphDiff.completenessAfter': 1_000,
  'Cluster.diagnose': 1_000,
  'Cluster.counts': 20,
  'Simulation.blastRadius': 5_000,
  'Simulation.connectivity': 100,
  'Simulation.flows': 50,
  'Flow.explanation': 20,
  'Flow.history': 50,
  'Policy.yaml': 20,
  'PolicySet.yaml': 500,
  __schema: 1_000,
  __type: 200,
};

/**
 * How long lists may be that are no connections: a page that each of the nodes of a graph is asked for is read as often as there
 * are nodes. What stands in the rows of the list itself is counted as for other lists.
 */
export const LIST_SIZES: Readonly<Record<string, number>> = {
  'NetworkGraph.nodes': 1_000,
  'NetworkGraphDiff.nodes': 1_000,
  'PolicySet.policies': 500,
  'FlowsObserved.flows': 500,
};

/**
 * Of each condition of a filter: a condition on an end of flows, joined to others by `or`, takes some 10 to 20 ms for 10,000
 * flows and 11,000 peers.
 */
export const CONDITION_COST = 200;
