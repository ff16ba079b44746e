import type { FlowFilter, PeerNameFragment } from '../../generated/cli.js';
import { formatPeerText, type PeerText, parsePeerText } from '../../netpol/index.js';
import type { ApiClient } from '../client.js';
import { Failure } from '../shell.js';
import { deploymentText } from './deployment-text.js';
import { deploymentsNamed } from './known.js';

type Ends = { readonly source: PeerNameFragment; readonly destination: PeerNameFragment };

/** What the server is asked for, and what of its answer is meant: it does not tell kinds of one name apart. */
export type Wanted = {
  readonly filter: FlowFilter;
  readonly isMeant: (flow: Ends) => boolean;
};

const ANY: Wanted['isMeant'] = () => true;

const ofKind =
  (kind: string | null) =>
  (peer: PeerNameFragment): boolean =>
    kind === null ||
    (peer.__typename === 'Deployment' && peer.kind.toLowerCase() === kind.toLowerCase());

const isNamed = (peer: PeerNameFragment, namespace: string | null, name: string): boolean =>
  peer.__typename === 'Deployment' &&
  peer.name === name &&
  (namespace === null || peer.namespace.name === namespace);

/** Flows with the deployment at either end: `name`, `namespace/name` or `namespace/name[Kind]`. */
export function flowsOfDeployment(text: string): Wanted {
  const { namespace, name, kind } = deploymentText(text);
  const isMeant = ({ source, destination }: Ends): boolean =>
    [source, destination].some(peer => isNamed(peer, namespace, name) && ofKind(kind)(peer));
  if (namespace === null) return { filter: { deployment: { eq: name } }, isMeant };
  const label = { eq: `${namespace}/${name}` };
  return { filter: { or: [{ source: label }, { destination: label }] }, isMeant };
}

type End = 'source' | 'destination';

const NO_END = 'write it as `network-flow list` shows it, or as an address, a CIDR or a DNS name';

/** Where it is looked for. */
export type Place = {
  readonly cluster: string;
  /** Of bare names; null: any. */
  readonly namespace: string | null;
};

async function deploymentAt(
  client: ApiClient,
  end: End,
  peer: Extract<PeerText, { readonly kind: 'named' }>,
  { cluster, namespace }: Place,
): Promise<Wanted> {
  const text = formatPeerText({ ...peer, namespace: peer.namespace ?? namespace });
  const found = await deploymentsNamed(client, cluster, text);
  const labels = [...new Set(found.map(one => `${one.namespace.name}/${one.name}`))].toSorted();
  const [label, ...others] = labels;
  if (label === undefined || others.length > 0)
    throw new Failure(
      `\`${text}\` is in several namespaces`,
      `write ${labels.map(one => `\`${one}\``).join(' or ')}`,
    );
  return { filter: { [end]: { eq: label } }, isMeant: flow => ofKind(peer.ofKind)(flow[end]) };
}

const byLabel = (end: End, peer: PeerText): Wanted => ({
  filter: { [end]: { eq: formatPeerText(peer) } },
  isMeant: ANY,
});

const byAddress = (end: End, cidr: string): Wanted => ({
  filter: { [`${end}Address`]: { within: cidr } },
  isMeant: ANY,
});

/** Flows from or to whom a text names, in any form that commands take. @throws Failure where that is nobody */
export async function flowsAt(
  client: ApiClient,
  end: End,
  text: string,
  place: Place,
): Promise<Wanted> {
  const peer = parsePeerText(text);
  if ('fault' in peer) throw new Failure(peer.fault, NO_END);
  switch (peer.kind) {
    case 'named':
      return deploymentAt(client, end, peer, place);
    case 'external':
    case 'node':
    case 'unresolved':
      return byLabel(end, peer);
    case 'domain':
      return byLabel(end, { kind: 'external', name: peer.name });
    case 'address':
      return byAddress(end, `${peer.address}/${peer.address.includes(':') ? 128 : 32}`);
    case 'block':
      return byAddress(end, peer.cidr);
    default:
      throw new Failure(`no flow is ${end === 'source' ? 'from' : 'to'} \`${text}\``, NO_END);
  }
}

/** Flows that all of them mean. */
export const together = (filter: FlowFilter, wanted: readonly Wanted[]): Wanted => ({
  filter: wanted.length === 0 ? filter : { ...filter, and: wanted.map(one => one.filter) },
  isMeant: flow => wanted.every(({ isMeant }) => isMeant(flow)),
});
