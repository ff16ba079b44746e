import { METADATA_NAME, type Selector, SelectorOperator } from '../labels.js';
import {
  Action,
  type Direction,
  type Peer,
  type Policy,
  type PortMatch,
  Protocol,
  type Rule,
  Tier,
} from '../policy.js';
import type { Modes } from '../verdict.js';
import { addressesOf, EVERY_ADDRESS } from './address-axis.js';
import {
  ABSENT,
  type AxisSet,
  intersectAxis,
  isEmptyAxis,
  noneOf,
  oneOf,
  PRESENT,
  type RangeSet,
  rangesOf,
  subtractAxis,
} from './axis.js';
import { type Box, intersectBoxes } from './box.js';

/**
 * The connections that a rule speaks of, over all possible pods, namespaces and addresses.
 *
 * Axes: `subject.pod:KEY`, `subject.namespace:KEY`, `peer.pod:KEY`, `peer.namespace:KEY` and
 * `peer.node:KEY` hold labels; `peer.kind` is `pod`, `node` or `external`; `peer.address` and
 * `peer.domain:NAME` say where an external peer is; `protocol`, `port` and `port.name:PROTOCOL/NAME`
 * (does the destination's port bear that name?) say what is asked for.
 */
const KIND = 'peer.kind';
const ADDRESS = 'peer.address';
const PORT = 'port';
const PROTOCOL = 'protocol';
const EVERY_PORT: RangeSet = rangesOf([{ from: 1n, to: 65_535n }]);
const YES = oneOf(['yes']);
const FREE: Box = new Map();

/** "The control plane sets an immutable label `kubernetes.io/metadata.name` on all namespaces": it is never absent. */
export const universe = (axis: string): AxisSet => {
  if (axis === PORT) return EVERY_PORT;
  if (axis === ADDRESS) return EVERY_ADDRESS;
  return axis.endsWith(`.namespace:${METADATA_NAME}`) ? PRESENT : noneOf([]);
};

/** Pods that the policy selects. */
export const subjectRegion = (policy: Policy): readonly Box[] => {
  const namespaces = namespaceBox('subject', policy, policy.subject.namespaces);
  return allOf(namespaces, selectorBox('subject.pod', policy.subject.pods));
};

export const ruleRegion = (
  policy: Policy,
  direction: Direction,
  rule: Rule,
  modes: Modes,
): readonly Box[] =>
  product([
    subjectRegion(policy),
    peersRegion(policy, rule, modes).map(withKind),
    portsRegion(policy, direction, rule),
  ]);

/** Every connection of the policy's subjects that a policy of its tier can decide. */
export const wholeRegion = (policy: Policy): readonly Box[] =>
  product([subjectRegion(policy), [withKind(FREE)], [protocols(policy)]]);

/**
 * Some port of it is open to a pod whose labels, and whose namespace's, have values that no policy names: what admits no such
 * pod cannot be everything.
 */
export const admitsStrangers = (box: Box): boolean => {
  for (const [axis, set] of box) {
    const isOfPeer = axis.startsWith('peer.pod:') || axis.startsWith('peer.namespace:');
    if (isOfPeer && set.type === 'values' && !set.except) return false;
    if (axis === KIND && isEmptyAxis(intersectAxis(set, oneOf(['pod'])))) return false;
  }
  return true;
};

/** Row 28: with a peer that nobody knows, Allow matches nothing, and Deny and Pass deny all. */
const peersRegion = (policy: Policy, rule: Rule, modes: Modes): readonly Box[] => {
  if (rule.peers === null) return [FREE];
  if (rule.peers.some(peer => peer.kind === 'unknown')) {
    return rule.action === Action.ALLOW ? [] : [FREE];
  }
  return rule.peers.flatMap(peer => peerRegion(policy, peer, modes));
};

const peerRegion = (policy: Policy, peer: Peer, modes: Modes): readonly Box[] => {
  switch (peer.kind) {
    case 'pods':
      return allOf(
        new Map([[KIND, oneOf(['pod'])]]),
        namespaceBox('peer', policy, peer.namespaces),
        selectorBox('peer.pod', peer.pods),
      );
    case 'ip-block':
      return [ipBlockBox(peer.cidr, peer.except, modes)];
    case 'networks':
      return peer.cidrs.map(cidr => new Map([[ADDRESS, addressesOf(cidr)]]));
    case 'nodes':
      return allOf(new Map([[KIND, oneOf(['node'])]]), selectorBox('peer.node', peer.nodes));
    case 'domain-names':
      return peer.names.map(
        name =>
          new Map([
            [KIND, oneOf(['external'])],
            [`peer.domain:${name}`, YES],
          ]),
      );
    case 'unknown':
      return [];
  }
};

const ipBlockBox = (cidr: string, except: readonly string[], modes: Modes): Box => {
  const addresses = except.reduce<AxisSet>(
    (left, hole) => subtractAxis(left, addressesOf(hole)),
    addressesOf(cidr),
  );
  const kinds = modes.ipBlockPods === 'never' ? ['external', 'node'] : ['external', 'node', 'pod'];
  return new Map([
    [KIND, oneOf(kinds)],
    [ADDRESS, addresses],
  ]);
};

/** The kinds are few and known, so "all but pods" must mean "nodes and external peers". */
const withKind = (box: Box): Box =>
  box.has(KIND) ? box : new Map([...box, [KIND, oneOf(['pod', 'node', 'external'])]]);

const namespaceBox = (side: string, policy: Policy, namespaces: Selector | null): Box =>
  namespaces === null
    ? new Map([[`${side}.namespace:${METADATA_NAME}`, oneOf([policy.namespace ?? ''])]])
    : (selectorBox(`${side}.namespace`, namespaces) ?? NOTHING);

const NOTHING: Box = new Map([[KIND, oneOf([])]]);

/** Null where the requirements contradict each other. */
const selectorBox = (axis: string, selector: Selector): Box | null =>
  selector.requirements.reduce<Box | null>(
    (box, { key, operator, values }) =>
      box && intersectBoxes(box, new Map([[`${axis}:${key}`, requirementSet(operator, values)]])),
    FREE,
  );

const requirementSet = (operator: SelectorOperator, values: readonly string[]): AxisSet => {
  switch (operator) {
    case SelectorOperator.IN:
      return oneOf(values);
    case SelectorOperator.NOT_IN:
      return noneOf(values);
    case SelectorOperator.EXISTS:
      return PRESENT;
    case SelectorOperator.DOES_NOT_EXIST:
      return ABSENT;
  }
};

const portsRegion = (policy: Policy, direction: Direction, rule: Rule): readonly Box[] =>
  rule.ports === null
    ? [protocols(policy)]
    : rule.ports.flatMap(port => portRegion(direction, port));

/** Admin-tier rules without ports match any protocol; a NetworkPolicy can decide only those it can name. */
const protocols = (policy: Policy): Box =>
  policy.tier === Tier.NETWORK_POLICY
    ? new Map([[PROTOCOL, oneOf(Object.values(Protocol))]])
    : FREE;

const portRegion = (direction: Direction, match: PortMatch): readonly Box[] => {
  if (match.kind === 'range') {
    const numbers = rangesOf([{ from: BigInt(match.from), to: BigInt(match.to) }]);
    return [
      new Map<string, AxisSet>([
        [PROTOCOL, oneOf([match.protocol])],
        [PORT, numbers],
      ]),
    ];
  }
  const named = match.protocol === null ? Object.values(Protocol) : [match.protocol];
  return named.map(protocol => namedPortBox(direction, protocol, match.name));
};

/** Row 13: a name matches no address outside, so on egress the destination must be a pod. */
const namedPortBox = (direction: Direction, protocol: Protocol, name: string): Box =>
  new Map([
    [PROTOCOL, oneOf([protocol])],
    [`port.name:${protocol}/${name}`, YES],
    ...(direction === 'EGRESS' ? ([[KIND, oneOf(['pod'])]] as const) : []),
  ]);

/** The boxes of every choice of one box a list. */
const product = ([first = [FREE], ...lists]: readonly (readonly Box[])[]): readonly Box[] =>
  lists.reduce<readonly Box[]>(
    (some, list) => some.flatMap(one => list.flatMap(other => intersectBoxes(one, other) ?? [])),
    first.filter(isPossible),
  );

/** It holds some connection. */
const isPossible = (box: Box): boolean => {
  for (const set of box.values()) if (isEmptyAxis(set)) return false;
  return true;
};

/** What all of these have in common, as a list of one box or none. */
const allOf = (...boxes: readonly (Box | null)[]): readonly Box[] =>
  product(boxes.map(box => (box === null ? [] : [box])));
