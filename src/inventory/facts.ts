import type { Facts, PodFact } from '../netpol/index.js';
import { withDeclarations } from './declaration.js';
import type { DeploymentFact, FactsStore } from './facts.store.js';
import { distinctSets, type LabelSet } from './label-set.js';

/** A cluster as the engine is told of it. */
export type ClusterFacts = {
  readonly facts: Facts;
  /** Keys of deployments whose labels nothing has told: no selector can be held against them. */
  readonly unlabelled: ReadonlySet<string>;
  /** The passing labels that the facts tell apart. */
  readonly named: ReadonlySet<string>;
};

const NONE: ReadonlySet<string> = new Set();

/** A fact that stands for all pods of a deployment; its key is the deployment's id. */
const podFact = (row: DeploymentFact): PodFact => ({
  key: row.id,
  namespace: row.namespace,
  name: row.name,
  labels: row.labels ?? {},
  addresses: row.addresses,
  hostNetwork: row.hostNetwork ?? false,
  ports: row.ports ?? [],
  node: row.nodes.length === 1 ? (row.nodes[0] ?? null) : null,
  ...(row.nodes.length > 1 && { nodes: row.nodes }),
  workload: { kind: row.kind, name: row.name },
});

/**
 * One fact for each of a deployment's label sets; that of most pods has the deployment's id as its key. Labels that were
 * told at the time count before those that were imported later.
 */
export function podFacts(
  row: DeploymentFact,
  sets: readonly LabelSet[],
  named: ReadonlySet<string>,
): readonly PodFact[] {
  const distinct = distinctSets(sets, row.kind, named);
  const fact = podFact(row);
  const [only, second] = distinct;
  if (only === undefined) return [fact];
  if (second === undefined && named.size === 0)
    return [row.revised ? fact : { ...fact, labels: only.labels }];
  return distinct.map(({ id, labels, ports, hostNetwork, pods }, place) => ({
    ...fact,
    labels,
    ports,
    hostNetwork,
    ...(place > 0 && { key: `${row.id} ${id}`, memberOf: row.id }),
    ...(second !== undefined && pods === 1 && { alone: true }),
  }));
}

/**
 * What is known of a cluster now (null) or was at a moment (ISO text): six statements.
 * @param named labels that controllers write anew for each pod or rollout, and that policies name nonetheless
 */
export async function factsOf(
  store: FactsStore,
  clusterId: number,
  at: string | null = null,
  named: ReadonlySet<string> = NONE,
): Promise<ClusterFacts> {
  const deployments = await store.deployments(clusterId, at);
  const sets = await store.labelSets(clusterId, at, named.size > 0 || at !== null);
  const namespaces = await store.namespaces(clusterId, at);
  const nodes = await store.nodes(clusterId, at);
  const services = await store.services(clusterId, at);
  const declarations = await store.declarations(clusterId, at);
  const setsOf = Map.groupBy(sets, ({ deploymentId }) => deploymentId);
  const unlabelled = deployments.filter(({ id, labels }) => labels === null && !setsOf.has(id));
  const facts: Facts = {
    namespaces,
    pods: deployments.flatMap(row => podFacts(row, setsOf.get(row.id) ?? [], named)),
    nodes: nodes.map(node => ({ ...node, labels: node.labels ?? {} })),
    services: services.map(({ endpoints: _toldApart, externalName, ...service }) => ({
      ...service,
      ...(externalName !== null && { externalName }),
    })),
    routes: [],
    apiServer: services
      .filter(({ namespace, name }) => namespace === 'default' && name === 'kubernetes')
      .flatMap(({ endpoints }) => endpoints ?? [])
      .flatMap(({ addresses }) => addresses),
  };
  return {
    facts: withDeclarations(facts, declarations),
    unlabelled: new Set(unlabelled.map(({ id }) => id)),
    named,
  };
}
