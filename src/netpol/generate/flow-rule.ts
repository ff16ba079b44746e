import { METADATA_ADDRESSES } from '../addresses/metadata.js';
import type { NamespaceFact, PodFact } from '../facts.js';
import { METADATA_NAME } from '../labels.js';
import { Direction, type Protocol } from '../policy.js';
import { type Problem, Severity } from '../problem.js';
import type { Endpoint } from '../verdict.js';
import type { PeerDraft, RuleDraft } from './draft.js';
import type { ObservedFlow } from './evidence.js';
import type { Identity } from './selector.js';

/** What the drafts of one namespace's policies are made with. */
export type Surroundings = {
  readonly pod: (key: string) => PodFact | undefined;
  readonly namespace: (name: string) => NamespaceFact | undefined;
  readonly identity: (pod: PodFact) => Identity;
  /** The pods that answer DNS. */
  readonly dns: readonly PodFact[];
  /** Addresses at which the API server answers. */
  readonly apiServer: readonly string[];
  readonly addressesOfNode: (name: string) => readonly string[];
  /** The metadata service may be reached only on demand. */
  readonly allowMetadata: boolean;
};

export type Drafted = { readonly draft: RuleDraft } | { readonly problem: Problem };

/** OpenShift marks the namespaces of ingress controllers so, for policies to select. */
const INGRESS_LABEL = 'network.openshift.io/policy-group';

const isProtocol = (protocol: string): protocol is Protocol =>
  protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP';

const namespaceLabels = (name: string): Record<string, string> => ({ [METADATA_NAME]: name });

/** The pods of a workload as a peer; null where no label tells them apart. */
export function podPeer(subject: PodFact, peer: PodFact, around: Surroundings): PeerDraft | null {
  const group = around.namespace(peer.namespace)?.labels[INGRESS_LABEL];
  if (group === 'ingress') {
    return { kind: 'namespace', namespaceLabels: { [INGRESS_LABEL]: 'ingress' } };
  }
  const { matchLabels } = around.identity(peer);
  if (Object.keys(matchLabels).length === 0) return null;
  const same = subject.namespace === peer.namespace;
  return {
    kind: 'pods',
    namespaceLabels: same ? null : namespaceLabels(peer.namespace),
    podLabels: matchLabels,
  };
}

const warn = (code: string, message: string, hint: string): { readonly problem: Problem } => ({
  problem: { code, severity: Severity.WARNING, message, path: null, place: null, hint },
});

const addressPeer = (address: string): PeerDraft => ({
  kind: 'block',
  cidr: `${address}/${address.includes(':') ? 128 : 32}`,
});

type Cannot = { readonly cannot: string; readonly hint: string };

const NODE: Cannot = {
  cannot: 'is a cluster node',
  hint: 'allow the addresses of the nodes by an ipBlock of your own',
};

/** What comes from a node of the API server is a call of it, to a webhook or an aggregated API: any of them may make it. */
function nodePeers(name: string, { apiServer, addressesOfNode }: Surroundings): PeerDrafts {
  const isOfApiServer = addressesOfNode(name).some(address => apiServer.includes(address));
  return isOfApiServer ? apiServer.map(addressPeer) : NODE;
}

const apiServerPeers = ({ apiServer }: Surroundings): PeerDrafts =>
  apiServer.length > 0
    ? apiServer.map(addressPeer)
    : {
        cannot: 'is the API server, and nothing told its addresses',
        hint: 'import the Endpoints of `default/kubernetes`',
      };

type PeerDrafts = readonly PeerDraft[] | Cannot;

function peersDraft(
  { subject, direction }: { readonly subject: PodFact; readonly direction: Direction },
  other: Endpoint,
  around: Surroundings,
): PeerDrafts {
  switch (other.kind) {
    case 'api-server':
      return apiServerPeers(around);
    case 'node':
      return direction === Direction.INGRESS ? nodePeers(other.name, around) : NODE;
    default: {
      const peer = peerDraft(subject, other, around);
      return 'cannot' in peer ? peer : [peer];
    }
  }
}

function peerDraft(subject: PodFact, other: Endpoint, around: Surroundings): PeerDraft | Cannot {
  switch (other.kind) {
    case 'pod': {
      const pod = around.pod(other.key);
      if (pod === undefined) return { cannot: 'is not in the inventory', hint: 'import it' };
      if (pod.hostNetwork) {
        return {
          cannot: 'runs in the host network, which no pod selector matches',
          hint: 'allow the addresses of the nodes by an ipBlock of your own',
        };
      }
      return (
        podPeer(subject, pod, around) ?? {
          cannot: 'has no label that a selector could name',
          hint: 'give its pods a label such as `app`',
        }
      );
    }
    case 'address':
      return addressPeer(other.address);
    case 'block':
      return { kind: 'block', cidr: other.cidr };
    case 'domain':
      return {
        cannot: 'is known by its name only, and a NetworkPolicy names addresses',
        hint: 'ingest flows that carry its address, or write a policy with domainNames',
      };
    default:
      return {
        cannot: 'could not be resolved',
        hint: 'see `diagnose` of the cluster for why',
      };
  }
}

/** Resolvers of nodes and clouds. */
const isLinkLocal = (address: string): boolean => address.startsWith('169.254.');

/** GKE's metadata server is the cluster's DNS too. */
const DNS_PORT = 53;

const isMetadata = (endpoint: Endpoint, port: number): boolean =>
  port !== DNS_PORT && endpoint.kind === 'address' && METADATA_ADDRESSES.has(endpoint.address);

/** Longer answers of DNS come over TCP: a resolver at an address of its own is allowed both. */
const portsOf = (other: Endpoint, protocol: Protocol, port: number): RuleDraft['ports'] =>
  port === DNS_PORT && other.kind === 'address' && isLinkLocal(other.address)
    ? [
        { protocol: 'UDP', port },
        { protocol: 'TCP', port },
      ]
    : [{ protocol, port }];

/** The rule that one flow asks for in the policy of `subject`, which is one of its ends. */
export function draftOf(
  flow: ObservedFlow,
  direction: Direction,
  subject: PodFact,
  around: Surroundings,
): Drafted {
  const other = direction === Direction.EGRESS ? flow.destination : flow.source;
  const title = direction === Direction.EGRESS ? flow.names.destination : flow.names.source;
  const cannot = (code: string, why: string, hint: string): Drafted =>
    warn(
      code,
      `the flow \`${flow.names.source}\` to \`${flow.names.destination}\` (${flow.protocol} ${flow.port ?? '-'}) gets no rule: ${why}`,
      hint,
    );
  if (!isProtocol(flow.protocol)) {
    return cannot(
      'PROTOCOL_NOT_COVERED',
      'a NetworkPolicy cannot name its protocol',
      'leave it to the dataplane, or to an admin-tier policy',
    );
  }
  if (flow.port === null) {
    return cannot(
      'PORT_UNKNOWN',
      'its port is not known',
      'ingest flows from a source that keeps the destination port',
    );
  }
  if (isMetadata(other, flow.port) && !around.allowMetadata) {
    return cannot(
      'METADATA_NOT_ALLOWED',
      'it is the cloud metadata service',
      'where the pods need it for their identity, generate with `allowMetadata`',
    );
  }
  const peers = peersDraft({ subject, direction }, other, around);
  if ('cannot' in peers)
    return cannot('PEER_NOT_COVERED', `\`${title}\` ${peers.cannot}`, peers.hint);
  return {
    draft: {
      direction,
      title,
      peers,
      ports: portsOf(other, flow.protocol, flow.port),
      evidence: flow.evidence,
    },
  };
}
