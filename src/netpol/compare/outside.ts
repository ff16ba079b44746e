import { type Address, isV4 } from '../addresses/address.js';
import type { MapPeer } from '../map/map-peer.js';
import { type RangeTraffic, rangePeer, rangesOf } from '../map/ranges.js';
import type { Direction } from '../policy.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';
import { ascending } from '../ranges.js';
import type { Difference, differences, State, Union } from './union.js';

/** A range outside the cluster whose connections with a workload differ. */
export type ChangedRange = { readonly range: MapPeer; readonly difference: Difference };

const usesV6 = ({ before, after }: Union): boolean =>
  before.compiled.engine.usesV6 || after.compiled.engine.usesV6;

function rangesIn(state: State, direction: Direction, place: number, withV6: boolean) {
  const workload = state.workloads[state.inward[place] ?? -1];
  return workload === undefined
    ? []
    : rangesOf(state.allowed, direction, workload.podClass, withV6);
}

const sameFamily = (one: Address, other: Address): boolean => isV4(one) === isV4(other);

/** Ranges are sorted and leave no gap: the first of the family that ends at the address or after it holds it. */
const portsAt = (ranges: readonly RangeTraffic[], address: Address): TrafficId =>
  ranges.find(({ from, to }) => sameFamily(from, address) && address <= to)?.ports ?? NOTHING;

/** Both lists cut at each other's bounds; every piece has one answer in either state. */
function pieces(one: readonly RangeTraffic[], other: readonly RangeTraffic[]) {
  const cutBy = (ranges: readonly RangeTraffic[], by: readonly RangeTraffic[]) =>
    ranges.flatMap(({ from, to }) =>
      by
        .filter(cut => sameFamily(cut.from, from) && cut.from <= to && from <= cut.to)
        .map(cut => ({
          from: ascending(cut.from, from) > 0 ? cut.from : from,
          to: ascending(cut.to, to) < 0 ? cut.to : to,
        })),
    );
  if (one.length === 0) return other;
  return other.length === 0 ? one : cutBy(one, other);
}

/** How one workload's connections with the outside differ. */
export function changedRanges(
  union: Union,
  compare: ReturnType<typeof differences>,
  direction: Direction,
  place: number,
): readonly ChangedRange[] {
  const withV6 = usesV6(union);
  const was = rangesIn(union.before, direction, place, withV6);
  const is = rangesIn(union.after, direction, place, withV6);
  return pieces(was, is).flatMap(({ from, to }) => {
    const difference = compare(portsAt(was, from), portsAt(is, from));
    return difference === null ? [] : [{ range: rangePeer({ from, to }), difference }];
  });
}
