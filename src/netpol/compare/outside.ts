import type { Address } from '../addresses/address.js';
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

type Piece = {
  readonly from: Address;
  readonly to: Address;
  readonly was: TrafficId;
  readonly is: TrafficId;
};

/** A state that does not have the workload has nothing to say of any address. */
const silent = (ranges: readonly RangeTraffic[], like: readonly RangeTraffic[]) =>
  ranges.length > 0 ? ranges : like.map(range => ({ ...range, ports: NOTHING }));

/**
 * Both lists cut at each other's bounds; every piece has one answer in either state. Both are sorted, leave no gap, and end
 * with the last address of the same families.
 */
function pieces(before: readonly RangeTraffic[], after: readonly RangeTraffic[]) {
  const [was, is] = [silent(before, after), silent(after, before)];
  const found: Piece[] = [];
  let [i, j] = [0, 0];
  for (let one = was[0], other = is[0]; one && other; one = was[i], other = is[j]) {
    const from = isAfter(one.from, other.from) ? one.from : other.from;
    const to = isAfter(one.to, other.to) ? other.to : one.to;
    found.push({ from, to, was: one.ports, is: other.ports });
    if (to === one.to) i++;
    if (to === other.to) j++;
  }
  return found;
}

/** Of one family. */
const isAfter = (one: Address, other: Address): boolean => ascending(one, other) > 0;

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
  return pieces(was, is).flatMap(piece => {
    const difference = compare(piece.was, piece.is);
    return difference === null ? [] : [{ range: rangePeer(piece), difference }];
  });
}
