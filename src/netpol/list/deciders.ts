import { type Address, isV4 } from '../addresses/address.js';
import type { Block } from '../addresses/block.js';
import type { Compiled } from '../compile/compiled.js';
import { type ClusterNode, nodesByAddress } from '../compile/nodes.js';
import type { Party } from '../decide/party.js';
import { keyOfReason, mergedReason } from '../decide/peers-met.js';
import type { Share } from '../decide/reasons.js';
import { programFor, readingOf } from '../decide/side.js';
import { representatives } from '../decide/stretches.js';
import { formatMapPeer } from '../map/map-peer.js';
import { rangePeer } from '../map/ranges.js';
import type { Direction } from '../policy.js';
import { formatPortSet } from '../ports/port-set.js';
import { ascending, next, previous, type Range, unite } from '../ranges.js';
import type { Reason } from '../verdict.js';

/** What decided some of a row's connections. */
export type Decider = {
  /** Null: no policy decided, which allows. */
  readonly reason: Reason | null;
  /** Which ports of the row, as `TCP 80,443`. */
  readonly conn: string;
  /** Which addresses of the row's range, as `10.0.0.0-10.0.0.255`; null: all of them, or the row has no range. */
  readonly ranges: readonly string[] | null;
};

/** `from` to `to`, of one family. */
export type Stretch = Range<Address>;

/** Parts of a range whose addresses the subject's rules do not tell apart, in order. */
export const stretchesOf = (
  compiled: Compiled,
  subject: Party,
  direction: Direction,
  range: Stretch,
): readonly Stretch[] => {
  const programs =
    subject.kind === 'pod'
      ? [programFor(compiled, direction, subject.podClass, readingOf(compiled))]
      : [];
  const starts = sortedStarts(
    range,
    representatives(blockOf(range), programs),
    programs.some(({ usesNodes }) => usesNodes) ? [...nodesOf(compiled).keys()] : [],
  );
  return starts.map((from, place) => {
    const after = starts[place + 1];
    return { from, to: after === undefined ? range.to : previous(after) };
  });
};

/** Nodes by the addresses at which the map draws them. */
export const nodesOf = ({ engine }: Compiled): ReadonlyMap<Address, ClusterNode> =>
  nodesByAddress(engine.index.nodes);

/** The starts, with those of nodes inside the range and of what comes after each of them. */
function sortedStarts(
  { from, to }: Stretch,
  starts: readonly Address[],
  nodes: readonly Address[],
): readonly Address[] {
  const inside = nodes
    .filter(address => isV4(address) === isV4(from))
    .flatMap(address => [address, next(address)])
    .filter(address => from <= address && address <= to);
  return inside.length === 0 ? starts : [...new Set([...starts, ...inside])].sort(ascending);
}

const blockOf = ({ from, to }: Stretch): Block => ({
  v4: isV4(from) && isV4(to) ? [{ from, to }] : [],
  v6: isV4(from) || isV4(to) ? [] : [{ from, to }],
});

/** What decided towards a peer, or towards each address of a stretch. */
export type Answer = { readonly stretch: Stretch | null; readonly shares: readonly Share[] };

/** Each share once, in the order in which it first decided, with the stretches on which it did. */
export const decidersOf = (compiled: Compiled, answers: readonly Answer[]): readonly Decider[] => {
  const found = answers.flatMap(({ stretch, shares }) =>
    shares.map(share => ({
      share,
      stretch,
      key: `${share.traffic} ${share.reason === null ? '' : keyOfReason(share.reason)}`,
    })),
  );
  return [...Map.groupBy(found, ({ key }) => key).values()].flatMap(same => {
    const [first] = same;
    if (first === undefined) return [];
    const { traffic } = first.share;
    const [one, ...others] = same.flatMap(({ share }) => share.reason ?? []);
    const reason = one === undefined ? null : mergedReason([one, ...others]);
    const everywhere = same.length === answers.length;
    return {
      reason,
      conn: formatPortSet(compiled.engine.table.at(traffic).ports),
      ranges: everywhere ? null : texts(same.flatMap(({ stretch }) => stretch ?? [])),
    };
  });
};

const texts = (stretches: readonly Stretch[]): readonly string[] =>
  unite(stretches).map(stretch => formatMapPeer(rangePeer(stretch)));
