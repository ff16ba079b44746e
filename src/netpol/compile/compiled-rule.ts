import { type Block, parseCidr, subtractBlock, uniteBlocks } from '../addresses/block.js';
import type { Column } from '../brand.js';
import type { Selector } from '../labels.js';
import {
  Action,
  type Peer,
  type Policy,
  type PortMatch,
  type Protocol,
  type Rule,
} from '../policy.js';
import { portSetOf } from '../ports/port-set.js';
import {
  EVERYTHING_ALLOWED,
  NOTHING,
  type TrafficId,
  type TrafficTable,
} from '../ports/traffic.js';
import type { ClassId } from './class-id.js';
import type { PodIndex } from './pod-index.js';
import { type PortProfile, resolveNamed } from './port-profile.js';
import { selectsEverything } from './select.js';
import { undecidedClasses } from './unknown-labels.js';

export type PodPeer = {
  /** Null: the namespace `own`. */
  readonly namespaces: Selector | null;
  readonly pods: Selector;
  /** Sorted; hostNetwork classes included. */
  readonly classes: Column<ClassId>;
  /** Sorted: those of them, and others, that it selects or not, as labels of namespaces are that are not known. */
  readonly undecided?: Column<ClassId>;
};

/** A block, and the sorted classes of pods that are known to have an address in it. */
export type AddressPeer = { readonly block: Block; readonly classes: readonly ClassId[] };

export type NamedPort = { readonly name: string; readonly protocol: Protocol | null };

/** A rule with its selectors, blocks and ports resolved on the facts. */
export type CompiledRule = {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly action: Action;
  /** Every peer, known or not. */
  readonly everyone: boolean;
  /** Every pod of every namespace; such peers are not among `pods`. */
  readonly allPods: boolean;
  readonly pods: readonly PodPeer[];
  readonly ipBlocks: readonly AddressPeer[];
  readonly networks: readonly AddressPeer[];
  readonly nodes: readonly Selector[];
  readonly domains: readonly string[];
  /** Ports without a name, as a number of the traffic table. */
  readonly ports: TrafficId;
  readonly named: readonly NamedPort[];
  /** `ports` and what the names mean on a pod with this profile. */
  portsOn(profile: PortProfile): TrafficId;
};

export type RuleMaker = (policy: Policy, rule: Rule) => CompiledRule;

type Peers = Pick<
  CompiledRule,
  'everyone' | 'allPods' | 'pods' | 'ipBlocks' | 'networks' | 'nodes' | 'domains'
>;

const NOBODY: Peers = {
  everyone: false,
  allPods: false,
  pods: [],
  ipBlocks: [],
  networks: [],
  nodes: [],
  domains: [],
};
const EVERYONE: Peers = { ...NOBODY, everyone: true };

/** A text that is no CIDR covers nothing; what reads policies refuses it with its place. */
const blockOf = (cidrs: readonly string[]): Block =>
  uniteBlocks(cidrs.map(parseCidr).filter(block => block !== null));

/** Every block that a policy names, to find where addresses must be told apart. */
export const blocksOf = (policy: Policy): readonly Block[] =>
  [...(policy.ingress ?? []), ...(policy.egress ?? [])]
    .flatMap(rule => rule.peers ?? [])
    .flatMap(peer =>
      peer.kind === 'ip-block'
        ? [blockOf([peer.cidr]), blockOf(peer.except)]
        : peer.kind === 'networks'
          ? [blockOf(peer.cidrs)]
          : [],
    );

const everyPod = (peer: Peer): boolean =>
  peer.kind === 'pods' &&
  peer.namespaces !== null &&
  selectsEverything(peer.namespaces) &&
  selectsEverything(peer.pods);

const ofKind = <Kind extends Peer['kind']>(peers: readonly Peer[], kind: Kind) =>
  peers.filter((peer): peer is Extract<Peer, { kind: Kind }> => peer.kind === kind);

function addressPeers(index: PodIndex) {
  const known = new Map<string, AddressPeer>();
  return (cidrs: readonly string[], except: readonly string[]): AddressPeer => {
    const key = `${cidrs.join(' ')} - ${except.join(' ')}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const block = subtractBlock(blockOf(cidrs), blockOf(except));
    const peer = { block, classes: index.within(block) };
    known.set(key, peer);
    return peer;
  };
}

/** What a name means on a pod with some profile, as a number of the traffic table. */
type NameResolver = (profile: PortProfile, named: NamedPort) => TrafficId;

function nameResolver(table: TrafficTable): NameResolver {
  const known = new Map<string, TrafficId[]>();
  return (profile, { name, protocol }) => {
    const key = `${protocol} ${name}`;
    const byProfile = known.get(key) ?? [];
    known.set(key, byProfile);
    byProfile[profile.id] ??= table.numberOf(resolveNamed(profile, name, protocol), false);
    return byProfile[profile.id] ?? NOTHING;
  };
}

const namedPorts =
  (table: TrafficTable, resolve: NameResolver, ports: TrafficId, named: readonly NamedPort[]) =>
  (profile: PortProfile): TrafficId =>
    named.reduce((sum, port) => table.unite(sum, resolve(profile, port)), ports);

const EVERY_PORT = {
  ports: EVERYTHING_ALLOWED,
  named: [],
  portsOn: () => EVERYTHING_ALLOWED,
} as const;

type Ports = Pick<CompiledRule, 'ports' | 'named' | 'portsOn'>;

/** Many rules speak of few sets of ports: each is made once. */
function portsMaker(table: TrafficTable, resolve: NameResolver) {
  const known = new Map<string, Ports>();
  return (matches: readonly PortMatch[] | null): Ports => {
    const key = matches === null ? '' : matches.map(matchText).join();
    const ports = known.get(key) ?? portsOf(table, resolve, matches);
    known.set(key, ports);
    return ports;
  };
}

const matchText = (match: PortMatch): string =>
  match.kind === 'range'
    ? `${match.protocol} ${match.from}-${match.to}`
    : `${match.protocol} \`${match.name}`;

function portsOf(
  table: TrafficTable,
  resolve: NameResolver,
  matches: readonly PortMatch[] | null,
): Ports {
  // "If this field is empty or missing, this rule matches all ports": other protocols too.
  if (matches === null || matches.length === 0) {
    return EVERY_PORT;
  }
  const ports = table.numberOf(portSetOf(matches.filter(match => match.kind === 'range')), false);
  const named = matches.filter(match => match.kind === 'named');
  const portsOn = named.length === 0 ? () => ports : namedPorts(table, resolve, ports, named);
  return { ports, named, portsOn };
}

/**
 * "If an implementation sees no fields are set then it can infer that the deployed CRD is of an
 * incompatible version with an unknown field. In that case it should fail closed": an Allow rule is
 * treated "as matching no traffic", Deny and Pass "as a 'Deny all' rule".
 */
function failsClosed(policy: Policy, rule: Rule): CompiledRule {
  const peers = rule.action === Action.ALLOW ? NOBODY : EVERYONE;
  const action = rule.action === Action.ALLOW ? Action.ALLOW : Action.DENY;
  return { policy, rule, action, ...peers, ...EVERY_PORT };
}

export function ruleMaker(index: PodIndex, table: TrafficTable): RuleMaker {
  const addressPeer = addressPeers(index);
  const portsFor = portsMaker(table, nameResolver(table));
  const peersOf = (policy: Policy, peers: readonly Peer[]): Peers => {
    const own = policy.namespace ?? 'default';
    return {
      everyone: false,
      allPods: peers.some(everyPod),
      pods: ofKind(peers, 'pods')
        .filter(peer => !everyPod(peer))
        .map(({ namespaces, pods }) => {
          const undecided = undecidedClasses(index, namespaces, pods);
          const classes = index.select(namespaces, own, pods);
          return { namespaces, pods, classes, ...(undecided.length > 0 && { undecided }) };
        }),
      ipBlocks: ofKind(peers, 'ip-block').map(({ cidr, except }) => addressPeer([cidr], except)),
      networks: ofKind(peers, 'networks').map(({ cidrs }) => addressPeer(cidrs, [])),
      nodes: ofKind(peers, 'nodes').map(({ nodes }) => nodes),
      domains: ofKind(peers, 'domain-names').flatMap(({ names }) => names),
    };
  };
  return (policy, rule) => {
    const { action, peers, ports } = rule;
    if (peers?.some(({ kind }) => kind === 'unknown')) return failsClosed(policy, rule);
    const matched = peers === null ? EVERYONE : peersOf(policy, peers);
    return { policy, rule, action, ...matched, ...portsFor(ports) };
  };
}
