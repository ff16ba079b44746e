import { type Address, parseAddress } from '../addresses/address.js';
import { type Block, contains, parseCidr } from '../addresses/block.js';
import type { Facts, PodFact } from '../facts.js';
import { formatMapPeer, type MapPeer } from '../map/map-peer.js';
import { parsePeerText } from '../peers/peer-text.js';
import { workloadNameOf } from '../peers/workload-name.js';
import { isTwin } from '../twin.js';
import type { NamedPeers } from './assertion.js';

/** An end of a connection: of a map, or one outside that a flow told of. */
export type AssertedEnd =
  | MapPeer
  /** `address` null: known by a name alone. */
  | { readonly kind: 'outside'; readonly name: string; readonly address: string | null }
  /** A node, or somebody of whom nobody knows who it is. */
  | { readonly kind: 'other'; readonly name: string };

export const endText = (end: AssertedEnd): string =>
  end.kind === 'outside' || end.kind === 'other' ? end.name : formatMapPeer(withoutSet(end));

const withoutSet = (peer: MapPeer): MapPeer => {
  if (peer.kind !== 'workload') return peer;
  const { labelSet: _, ...workload } = peer;
  return workload;
};

/** Who is meant. */
export type Matcher = {
  /** Texts of workloads, as `endText` writes them. */
  readonly workloads: ReadonlySet<string>;
  /** Addresses outside: all, those of a block, or none (null). */
  readonly outside: 'all' | Block | null;
  readonly controller: boolean;
};

const NOBODY: Matcher = { workloads: new Set(), outside: null, controller: false };

const addressesOf = (end: AssertedEnd): readonly Address[] => {
  const texts =
    end.kind === 'range' ? [end.from, end.to] : end.kind === 'outside' ? [end.address ?? ''] : [];
  return texts.flatMap(text => parseAddress(text) ?? []);
};

const isOutside = ({ kind }: AssertedEnd): boolean => kind === 'range' || kind === 'outside';

/** Whether an end is among those who are meant, `wholly` or at least in part: a range of addresses may be both. */
export function isMeant({ workloads, outside, controller }: Matcher, wholly: boolean) {
  return (end: AssertedEnd): boolean => {
    if (end.kind === 'ingress-controller') return controller;
    if (!isOutside(end)) return workloads.has(endText(end));
    if (outside === null || outside === 'all') return outside === 'all';
    const addresses = addressesOf(end);
    if (addresses.length === 0) return false;
    const inside = addresses.map(address => contains(outside, address));
    if (wholly) return inside.every(Boolean);
    return inside.some(Boolean) || overlaps(outside, addresses);
  };
}

/** A range around a block has neither bound in it. */
const overlaps = ({ v4, v6 }: Block, [from, to]: readonly Address[]): boolean =>
  from !== undefined &&
  to !== undefined &&
  [...v4, ...v6].some(
    range => typeof range.from === typeof from && range.from >= from && range.to <= to,
  );

type Workload = { readonly text: string; readonly pods: readonly PodFact[] };

export type Lookup = (peers: NamedPeers) => Matcher | { readonly fault: string };

const textOf = ({ namespace, workload: { kind, name } }: PodFact): string =>
  formatMapPeer({ kind: 'workload', namespace, name, workloadKind: kind });

const matching = (workloads: readonly Workload[], is: (pod: PodFact) => boolean): Matcher => ({
  ...NOBODY,
  workloads: new Set(workloads.filter(({ pods }) => pods.some(is)).map(({ text }) => text)),
});

const isEmpty = ({ workloads }: Matcher): boolean => workloads.size === 0;

/** Letters in which two names differ, roughly: what begins alike is near. */
const nearness = (one: string, other: string): number => {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  return same;
};

const nearest = (name: string, known: readonly string[]): string => {
  const best = known.toSorted((one, other) => nearness(name, other) - nearness(name, one))[0];
  return best === undefined || nearness(name, best) === 0 ? '' : `; did you mean \`${best}\`?`;
};

/** Who named peers are, among the workloads of the facts. Who is nobody is a fault: a typing error must not assert nothing. */
export function lookupIn({ pods }: Pick<Facts, 'pods'>): Lookup {
  const real = pods.filter(({ key }) => !isTwin({ kind: 'pod', key }));
  const workloads = [...Map.groupBy(real, textOf)].map(([text, of]) => ({ text, pods: of }));
  const namespaces = new Set(real.map(({ namespace }) => namespace));
  const ofNamespace = (name: string) => matching(workloads, pod => pod.namespace === name);
  const named = (text: string, namespace: string | null, name: string, ofKind: string | null) => {
    const found = matching(
      workloads,
      pod =>
        pod.workload.name === name &&
        (namespace ?? pod.namespace) === pod.namespace &&
        (ofKind ?? pod.workload.kind) === pod.workload.kind,
    );
    const within = new Set([...found.workloads].map(one => one.split('/', 1)[0]));
    if (within.size > 1)
      return { fault: `\`${text}\` is in several namespaces: ${[...found.workloads].join(', ')}` };
    if (!isEmpty(found)) return found;
    if (namespace === null && ofKind === null && namespaces.has(name)) return ofNamespace(name);
    const known = [...real.map(workloadNameOf), ...namespaces];
    return { fault: `nobody is named \`${text}\`${nearest(text, known)}` };
  };
  return peers => {
    switch (peers.kind) {
      case 'internet':
        return { ...NOBODY, outside: 'all' };
      case 'namespace':
        return namespaces.has(peers.name)
          ? ofNamespace(peers.name)
          : {
              fault: `no workload is in a namespace \`${peers.name}\`${nearest(peers.name, [...namespaces])}`,
            };
      case 'label': {
        const { key, value } = peers;
        const found = matching(workloads, pod => pod.labels[key] === value);
        return isEmpty(found)
          ? { fault: `no workload carries the label \`${key}=${value}\`` }
          : found;
      }
      case 'peer':
        return ofText(peers.text, named);
    }
  };
}

function ofText(
  text: string,
  named: (
    text: string,
    namespace: string | null,
    name: string,
    ofKind: string | null,
  ) => ReturnType<Lookup>,
): ReturnType<Lookup> {
  const peer = parsePeerText(text);
  if ('fault' in peer) return peer;
  switch (peer.kind) {
    case 'named':
      return named(text, peer.namespace, peer.name, peer.ofKind);
    case 'address':
      return { ...NOBODY, outside: parseCidr(peer.address) };
    case 'block':
      return { ...NOBODY, outside: parseCidr(peer.cidr) };
    case 'ingress-controller':
      return { ...NOBODY, controller: true };
    default:
      return { fault: `\`${text}\` is nobody that an assertion can speak of` };
  }
}
