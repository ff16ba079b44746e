import type { Lab } from '../../support/lab.js';
import { namespace, node, pod } from '../../support/manifests.js';

const STARTED = '2026-11-20T00:00:00Z';

/** A node with its podCIDR. */
const nodeOf = (name: string, ip: string, podCIDR: string): object => ({
  ...node(name, ip),
  spec: { podCIDR },
});

/** Pods of `shop` that run on node `worker`. */
const podOf = (name: string, ip: string): object =>
  pod(`${name}-6d5f7c8b9d-x7k2p`, {
    ip,
    started: STARTED,
    labels: { app: name },
    owner: `ReplicaSet/${name}-6d5f7c8b9d`,
  });

export const SHOP: readonly object[] = [
  namespace('shop'),
  nodeOf('worker', '192.0.2.1', '10.1.0.0/24'),
  nodeOf('other', '192.0.2.2', '10.1.1.0/24'),
  podOf('web', '10.1.0.40'),
  podOf('api', '10.1.0.41'),
];

export const seen = (source: object, destination: object, port: number | null = 8080): object => ({
  time: '2026-11-22T10:00:00Z',
  source,
  destination,
  port,
  protocol: 'TCP',
});

const END = `{ __typename ... on Deployment { name namespace { name } } ... on ExternalEntity { name }
  ... on ClusterNode { name } ... on UnresolvedPeer { name } }`;
const FLOWS = `query ($filter: FlowFilter!) { flows(first: 500, filter: $filter) { nodes {
  source ${END} destination ${END} protocol port servicePort } } }`;

type End = {
  readonly __typename: string;
  readonly name: string;
  readonly namespace?: { readonly name: string };
};

const KINDS: Readonly<Record<string, string>> = {
  ExternalEntity: 'EXTERNAL:',
  ClusterNode: 'NODE:',
  UnresolvedPeer: 'UNRESOLVED:',
};

const endText = ({ __typename, name, namespace: within }: End): string =>
  within === undefined ? `${KINDS[__typename]}${name}` : `${within.name}/${name}`;

type Edge = {
  readonly source: End;
  readonly destination: End;
  readonly protocol: string;
  readonly port: number | null;
  readonly servicePort: number | null;
};

/** With the Service's port where one was seen: `shop/web -> shop/api TCP 80/8080`. */
const edgeText = ({ source, destination, protocol, port, servicePort }: Edge): string =>
  `${endText(source)} -> ${endText(destination)} ${protocol} ${servicePort === null ? '' : `${servicePort}/`}${port ?? '-'}`;

/** What the lists show of the flows: `A -> B TCP 8080`, sorted. */
export const edges = async ({ ask, cluster }: Lab): Promise<readonly string[]> => {
  const { flows } = await ask(FLOWS, { filter: { cluster: { eq: cluster } } });
  return flows.nodes.map(edgeText).toSorted();
};
