import { type Compiled, ofFacts } from '../compile/compiled.js';
import { type Allowed, allowedOf } from '../map/allowed.js';
import { formatMapPeer, type MapPeer } from '../map/map-peer.js';
import { type Workload, workloadsOf } from '../map/workloads.js';
import { equalPorts, isNoPorts, NO_PORTS, type PortSet, subtractPorts } from '../ports/port-set.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';

/** One of the two states that are compared. */
export type State = {
  readonly compiled: Compiled;
  readonly allowed: Allowed;
  readonly workloads: readonly Workload[];
  /** Places in `workloads` to places in the union of both, and back (-1: not in this state). */
  readonly outward: Int32Array;
  readonly inward: Int32Array;
};

/** The workloads of both states, each once. */
export type Union = {
  readonly peers: readonly MapPeer[];
  readonly before: State;
  readonly after: State;
};

function stateOf(compiled: Compiled, places: ReadonlyMap<string, number>): State {
  const workloads = workloadsOf(compiled);
  const outward = Int32Array.from(workloads, ({ peer }) => places.get(formatMapPeer(peer)) ?? -1);
  const inward = new Int32Array(places.size).fill(-1);
  for (const [place, union] of outward.entries()) inward[union] = place;
  return { compiled, allowed: allowedOf(compiled), workloads, outward, inward };
}

const unionWithItself = ofFacts(engine => {
  const workloads = workloadsOf({ engine });
  return {
    peers: workloads.map(({ peer }) => peer),
    places: Int32Array.from(workloads, (_, place) => place),
  };
});

/** Two states of the same facts share their workloads, place by place. */
function sharedUnion(before: Compiled, after: Compiled): Union {
  const workloads = workloadsOf(before);
  const { peers, places } = unionWithItself(before.engine);
  const state = (compiled: Compiled): State => ({
    compiled,
    allowed: allowedOf(compiled),
    workloads,
    outward: places,
    inward: places,
  });
  return { peers, before: state(before), after: state(after) };
}

/** Both states number classes and policy lists alike, and share the rows made of them. */
export const sameFamily = (before: Compiled, after: Compiled): boolean =>
  before.engine.family === after.engine.family;

const sameFacts = (before: Compiled, after: Compiled): boolean =>
  before.engine.index === after.engine.index;

export function unionOf(before: Compiled, after: Compiled): Union {
  if (sameFacts(before, after)) return sharedUnion(before, after);
  const peers: MapPeer[] = [];
  const places = new Map<string, number>();
  for (const { peer } of [...workloadsOf(before), ...workloadsOf(after)]) {
    const key = formatMapPeer(peer);
    if (!places.has(key)) places.set(key, peers.push(peer) - 1);
  }
  return { peers, before: stateOf(before, places), after: stateOf(after, places) };
}

/** How the connections of one pair differ. */
export type Difference = {
  readonly before: PortSet;
  readonly after: PortSet;
  readonly newlyAllowed: PortSet;
  readonly newlyBlocked: PortSet;
};

/** Null where two sets, numbers of each state's own table, are equal; each two numbers are compared once. */
export function differences({ before, after }: Union) {
  const known = new Map<number, Difference | null>();
  const portsOf = ({ compiled }: State, traffic: TrafficId): PortSet =>
    traffic === NOTHING ? NO_PORTS : compiled.engine.table.at(traffic).ports;
  const compute = (one: TrafficId, other: TrafficId): Difference | null => {
    const [was, is] = [portsOf(before, one), portsOf(after, other)];
    if (equalPorts(was, is) || (isNoPorts(was) && isNoPorts(is))) return null;
    return {
      before: was,
      after: is,
      newlyAllowed: subtractPorts(is, was),
      newlyBlocked: subtractPorts(was, is),
    };
  };
  return (one: TrafficId, other: TrafficId): Difference | null => {
    const key = one * 2 ** 26 + other;
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const fresh = compute(one, other);
    known.set(key, fresh);
    return fresh;
  };
}
