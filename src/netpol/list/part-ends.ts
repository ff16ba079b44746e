import { type Address, formatAddress, LAST_V4, LAST_V6 } from '../addresses/address.js';
import { type Block, contains, parseCidr } from '../addresses/block.js';
import type { Compiled } from '../compile/compiled.js';
import type { Program } from '../compile/program.js';
import { addressBookOf } from '../decide/address-book.js';
import { partiesOf, programsOf } from '../decide/cases.js';
import { endOf } from '../decide/end.js';
import type { Party } from '../decide/party.js';
import { representatives } from '../decide/stretches.js';
import type { PodFact } from '../facts.js';
import { formatPeerText } from '../peers/peer-text.js';
import type { FoundPeer } from '../peers/resolve-peer.js';
import { workloadNameOf } from '../peers/workload-name.js';
import type { Direction } from '../policy.js';
import { next, previous } from '../ranges.js';
import { isTwin } from '../twin.js';
import type { Endpoint } from '../verdict.js';

/** An end as it was asked about, with the text that named it. */
export type AskedEnd = FoundPeer & { readonly text: string };

/** Part of an end that is asked as one: a workload, a stretch of a block, or the end itself. */
export type EndPart = {
  readonly text: string;
  readonly endpoint: Endpoint;
  /** Parts with one key are answered alike. */
  readonly key: string;
};

const memberText = (pod: PodFact): string =>
  pod.workload.kind === 'Pod' ? `${pod.namespace}/${pod.name}` : workloadNameOf(pod);

/** What is known of the parties that an endpoint means; an open end has none. */
export function partiesAt(compiled: Compiled, endpoint: Endpoint): readonly Party[] {
  const end = endOf(compiled, endpoint);
  return end.kind === 'parties' || end.kind === 'service' ? partiesOf(compiled, end, []) : [];
}

/** Workloads of one class are answered alike, but for the exception of a pod's own node. */
function memberParts(compiled: Compiled, members: readonly PodFact[]): readonly EndPart[] {
  const { podOfKey, classOf, hosts } = compiled.engine.index;
  return members
    .filter(({ key }) => !isTwin({ kind: 'pod', key }))
    .map(pod => {
      const own = pod.memberOf === undefined ? classOf[podOfKey(pod.key) ?? -1] : pod.key;
      const node = hosts.length > 0 ? pod.node : null;
      return {
        text: memberText(pod),
        endpoint: { kind: 'pod', key: pod.key },
        key: `${own} ${node}`,
      };
    });
}

const rangeText = (from: Address, to: Address): string =>
  from === to ? formatAddress(from) : `${formatAddress(from)}-${formatAddress(to)}`;

type Held = Pick<ReadonlyMap<Address, unknown>, 'has'>;

/** More addresses in a row than these are hardly held by pods. */
const MOST_TRIED = 1_000;

/** An address that stands for the stretch: of one that a pod holds the pod's answer would be told. */
function freeAddress(held: Held, from: Address, to: Address): Address {
  let address = from;
  for (let tried = 0; tried < MOST_TRIED && address < to && held.has(address); tried++)
    address = next(address);
  return held.has(address) ? from : address;
}

/** A block, cut where the rules of the other end tell its addresses apart. */
function blockParts(held: Held, block: Block, programs: readonly Program[]): readonly EndPart[] {
  const starts = representatives(block, programs);
  return starts.map((from, place) => {
    const after = starts[place + 1];
    const isV6 = typeof from === 'bigint';
    const range = [...block.v4, ...block.v6].find(each => each.from <= from && from <= each.to);
    const last = range?.to ?? (isV6 ? LAST_V6 : LAST_V4);
    const to = after !== undefined && after <= last ? previous(after) : last;
    const address = formatAddress(freeAddress(held, from, to));
    return { text: rangeText(from, to), endpoint: { kind: 'address', address }, key: address };
  });
}

/** The parts of an end; `others` are the parties at the other one. */
export function partsOf(
  compiled: Compiled,
  end: AskedEnd,
  others: readonly Party[],
  direction: Direction,
): readonly EndPart[] {
  const { endpoint, members, bearers, text } = end;
  if (members !== undefined) return memberParts(compiled, members);
  const programs = programsOf(compiled, others, direction);
  const partsAt = (one: Endpoint, name: string): readonly EndPart[] => {
    const block = one.kind === 'block' ? parseCidr(one.cidr) : null;
    return block === null
      ? [{ text: name, endpoint: one, key: name }]
      : blockParts(addressBookOf(compiled), block, programs);
  };
  return bearers === undefined
    ? partsAt(endpoint, text)
    : once(bearers.flatMap(one => partsAt(one, outsideText(one) ?? text)));
}

/** Blocks of one name may lie in one another. */
const once = (parts: readonly EndPart[]): readonly EndPart[] => [
  ...new Map(parts.map(part => [part.text, part])).values(),
];

const outsideText = (endpoint: Endpoint): string | null =>
  endpoint.kind === 'address' || endpoint.kind === 'block' || endpoint.kind === 'domain'
    ? formatPeerText(endpoint)
    : null;

/** How many addresses of a block are those of pods, nodes and Services: what is said of addresses outside is not said of them. */
export function heldIn(compiled: Compiled, { endpoint, bearers = [endpoint] }: AskedEnd): number {
  const blocks = bearers.flatMap(one => (one.kind === 'block' ? (parseCidr(one.cidr) ?? []) : []));
  if (blocks.length === 0) return 0;
  return [...addressBookOf(compiled).keys()].filter(address =>
    blocks.some(block => contains(block, address)),
  ).length;
}
