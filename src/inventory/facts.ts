import type { Facts, PodFact } from '../netpol/index.js';
import type { DeploymentFact, FactsStore } from './facts.store.js';

/** A cluster as the engine is told of it. */
export type ClusterFacts = {
  readonly facts: Facts;
  /** Keys of deployments whose labels nothing has told: no selector can be held against them. */
  readonly unlabelled: ReadonlySet<string>;
};

/** One fact a deployment, which stands for all of its pods; its key is the deployment's id. */
const podFact = (row: DeploymentFact): PodFact => ({
  key: row.id,
  namespace: row.namespace,
  name: row.name,
  labels: row.labels ?? {},
  addresses: row.addresses,
  hostNetwork: row.hostNetwork ?? false,
  ports: row.ports ?? [],
  node: null,
  workload: { kind: row.kind, name: row.name },
});

/** What is known of a cluster now (null) or was at a moment (ISO text): four statements. */
export async function factsOf(
  store: FactsStore,
  clusterId: number,
  at: string | null = null,
): Promise<ClusterFacts> {
  const deployments = await store.deployments(clusterId, at);
  const namespaces = await store.namespaces(clusterId, at);
  const nodes = await store.nodes(clusterId, at);
  const services = await store.services(clusterId, at);
  return {
    facts: {
      namespaces,
      pods: deployments.map(podFact),
      nodes: nodes.map(node => ({ ...node, labels: node.labels ?? {} })),
      services: services.map(({ endpoints: _toldApart, ...service }) => service),
      routes: [],
      apiServer: services
        .filter(({ namespace, name }) => namespace === 'default' && name === 'kubernetes')
        .flatMap(({ endpoints }) => endpoints ?? [])
        .flatMap(({ addresses }) => addresses),
    },
    unlabelled: new Set(deployments.filter(({ labels }) => labels === null).map(({ id }) => id)),
  };
}
