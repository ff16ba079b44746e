import { METADATA_ADDRESSES } from '../addresses/metadata.js';
import type { PodFact } from '../facts.js';
import { Direction, type Protocol } from '../policy.js';
import type { Problem } from '../problem.js';
import type { Endpoint, Unruled } from '../verdict.js';
import { bothProtocols, DNS_PORT } from './dns-ports.js';
import { type PeerDraft, type PortDraft, type RuleDraft, RuleOrigin } from './draft.js';
import type { ObservedFlow } from './evidence.js';
import { addressPeer, blockPeer, type Surroundings } from './surroundings.js';
import { warning } from './warning.js';

/** `refused`: a rule is left out on purpose, so that the direction is isolated nonetheless. */
export type Drafted =
  | { readonly draft: RuleDraft; readonly problem?: Problem }
  | { readonly problem: Problem; readonly refused?: true };

/** One that rules can name. */
export const isProtocol = (protocol: string): protocol is Protocol =>
  protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP';

/** `instead`: what people call the peers where they are not the flow's own end; `wider`: what else they let through. */
type Peers = {
  readonly peers: readonly PeerDraft[];
  readonly instead?: string;
  readonly wider?: string;
};

/** What people call the nodes as peers. */
export const NODES = 'cluster nodes';

const countedNodes = (peers: readonly PeerDraft[]): string =>
  peers.length === 1 ? 'the one known node' : `all ${peers.length} known addresses of nodes`;

/** The pods behind a node's address come and go with the scheduler: the rule is for all nodes. */
function nodePeers(
  { nodes: all, options }: Surroundings,
  direction: Direction,
  what: string,
): Peers | Unruled {
  const nodes = all[direction];
  return nodes.length > 0
    ? {
        peers: nodes,
        instead: NODES,
        wider: `${options.nodeBlocks.length > 0 ? 'the blocks given for nodes' : countedNodes(nodes)}, and so all that runs in the host network there`,
      }
    : { cannot: what, hint: 'import the Nodes, or give their blocks by `nodeBlocks`' };
}

function apiServerPeers(
  { apiServer, apiServerSpeaks }: Surroundings,
  direction: Direction,
): Peers | Unruled {
  const addresses = direction === Direction.INGRESS ? apiServerSpeaks : apiServer;
  return addresses.length > 0
    ? { peers: addresses.map(addressPeer) }
    : {
        cannot: 'is the API server, and no Endpoints tell where it answers',
        hint: 'import the Endpoints of `default/kubernetes`',
      };
}

type Side = { readonly subject: PodFact; readonly direction: Direction };

/** What comes from a node of the API server is a call of it, to a webhook or an aggregated API: any of them may make it. */
function nodeEnd(name: string, direction: Direction, around: Surroundings): Peers | Unruled {
  const { apiServer, addressesOfNode } = around;
  const isOfApiServer = addressesOfNode(name).some(address => apiServer.includes(address));
  return isOfApiServer && direction === Direction.INGRESS
    ? apiServerPeers(around, direction)
    : nodePeers(around, direction, 'is a cluster node, and nothing told the addresses of nodes');
}

function podEnd({ subject, direction }: Side, key: string, around: Surroundings): Peers | Unruled {
  const pod = around.pod(key);
  if (pod === undefined) return { cannot: 'is not in the inventory', hint: 'import it' };
  if (pod.hostNetwork)
    return nodePeers(
      around,
      direction,
      'runs in the host network, which no pod selector matches, and nothing told the addresses of nodes',
    );
  const peer = around.podPeer(subject, pod);
  return peer === null
    ? {
        cannot: 'has no label that a selector could name',
        hint: 'give its pods a label such as `app`',
      }
    : { peers: [peer] };
}

const unruled = (end: Endpoint): Unruled =>
  (end.kind === 'unresolved' ? end.unruled : undefined) ?? {
    cannot: 'could not be resolved',
    hint: 'see `diagnose` of the cluster for why',
  };

function peersOf(side: Side, other: Endpoint, around: Surroundings): Peers | Unruled {
  switch (other.kind) {
    case 'pod':
      return podEnd(side, other.key, around);
    case 'node':
      return nodeEnd(other.name, side.direction, around);
    case 'api-server':
      return apiServerPeers(around, side.direction);
    case 'address':
      return { peers: [around.addressPeer(other.address)] };
    case 'block':
      return { peers: [blockPeer(other.cidr)] };
    case 'domain':
      return {
        cannot: 'is known by its name only, and a NetworkPolicy names addresses',
        hint: 'ingest flows that carry its address, or write a policy with domainNames',
      };
    default:
      return unruled(other);
  }
}

/** GKE's metadata server is the cluster's DNS too. */
const isMetadata = (endpoint: Endpoint, port: number): boolean =>
  port !== DNS_PORT && endpoint.kind === 'address' && METADATA_ADDRESSES.has(endpoint.address);

/** Longer answers of DNS come over TCP: whoever asks, and whoever answers, is allowed both. */
function portsOf(flow: ObservedFlow, seen: PortDraft, { asksDns }: Surroundings) {
  if (seen.port === null || !asksDns(flow)) return { ports: [seen] };
  const ports = bothProtocols(seen.port);
  return { ports, unseen: ports.filter(({ protocol }) => protocol !== seen.protocol) };
}

const widened = ({ namespace, workload }: PodFact, title: string, port: string, wider: string) =>
  warning(
    'NODES_OPENED',
    `the rule of \`${namespace}/${workload.name}\` for \`${title}\` opens ${port} for ${wider}`,
    'narrow it by `nodeBlocks` where the peer runs on some nodes only',
  );

/** The rule that one flow asks for in the policy of `subject`, which is one of its ends. */
export function draftOf(flow: ObservedFlow, side: Side, around: Surroundings): Drafted {
  const isEgress = side.direction === Direction.EGRESS;
  const other = isEgress ? flow.destination : flow.source;
  const title = isEgress ? flow.names.destination : flow.names.source;
  const name = `the flow \`${flow.names.source}\` to \`${flow.names.destination}\` (${flow.protocol} ${flow.port ?? '-'})`;
  if (!isProtocol(flow.protocol)) {
    const message = `${name} gets no rule: a NetworkPolicy cannot name its protocol`;
    const hint = 'leave it to the dataplane, or to an admin-tier policy';
    return { problem: warning('PROTOCOL_NOT_COVERED', message, hint) };
  }
  if (flow.port === null) {
    const message = `${name} gets no rule: its port is not known`;
    const hint = 'ingest flows from a source that keeps the destination port';
    return { problem: warning('PORT_UNKNOWN', message, hint) };
  }
  if (isMetadata(other, flow.port) && !around.options.allowMetadata) {
    const message = `${name} gets no rule: it is the cloud metadata service`;
    const hint = 'where the pods need it for their identity, generate with `allowMetadata`';
    return { problem: warning('METADATA_NOT_ALLOWED', message, hint), refused: true };
  }
  const found = peersOf(side, other, around);
  if ('cannot' in found) {
    const message = `${name} gets no rule: \`${title}\` ${found.cannot}`;
    return { problem: warning('PEER_NOT_COVERED', message, found.hint) };
  }
  const { peers, instead = title, wider } = found;
  const draft: RuleDraft = {
    direction: side.direction,
    origin: RuleOrigin.OBSERVED,
    title: instead,
    peers,
    ...portsOf(flow, { protocol: flow.protocol, port: flow.port }, around),
    evidence: flow.evidence,
  };
  const port = `${flow.protocol} ${flow.port}`;
  return wider === undefined
    ? { draft }
    : { draft, problem: widened(side.subject, other.kind === 'node' ? NODES : title, port, wider) };
}
