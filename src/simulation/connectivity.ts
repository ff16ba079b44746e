import {
  type Compiled,
  compareSets,
  formatMapPeer,
  formatPortSet,
  isNoPorts,
  type PortSet,
} from '../netpol/index.js';
import type { ConnectivityChange } from './simulation.js';

const textOf = (ports: PortSet): string | null => (isNoPorts(ports) ? null : formatPortSet(ports));

const keyOf = ({ source, destination }: ConnectivityChange): string =>
  `${source} => ${destination}`;

/** All pairs, seen or not, whose possible connections differ, in the order of names. */
export const connectivityChanges = (
  before: Compiled,
  after: Compiled,
): readonly ConnectivityChange[] =>
  compareSets(before, after)
    .pairs.map(pair => ({
      source: formatMapPeer(pair.source),
      destination: formatMapPeer(pair.destination),
      newlyAllowed: textOf(pair.newlyAllowed),
      newlyBlocked: textOf(pair.newlyBlocked),
    }))
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
