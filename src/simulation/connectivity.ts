import {
  type Compiled,
  compareSets,
  formatMapPeer,
  formatPortSet,
  isNoPorts,
  type MapPeer,
  type PortSet,
} from '../netpol/index.js';
import type { ConnectivityChange } from './simulation.js';

const textOf = (ports: PortSet): string | null => (isNoPorts(ports) ? null : formatPortSet(ports));

/** A peer's text is made once. */
function peerTexts() {
  const texts = new Map<MapPeer, string>();
  return (peer: MapPeer): string => {
    const known = texts.get(peer) ?? formatMapPeer(peer);
    texts.set(peer, known);
    return known;
  };
}

/** All pairs, seen or not, whose possible connections differ, in the order of names. */
export function connectivityChanges(
  before: Compiled,
  after: Compiled,
): readonly ConnectivityChange[] {
  const textOfPeer = peerTexts();
  const named = compareSets(before, after).pairs.map(pair => {
    const [source, destination] = [textOfPeer(pair.source), textOfPeer(pair.destination)];
    return { key: `${source} => ${destination}`, source, destination, pair };
  });
  return named
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ source, destination, pair }) => ({
      source,
      destination,
      newlyAllowed: textOf(pair.newlyAllowed),
      newlyBlocked: textOf(pair.newlyBlocked),
    }));
}
