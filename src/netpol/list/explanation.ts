import { type Address, parseAddress } from '../addresses/address.js';
import type { Compiled } from '../compile/compiled.js';
import { podParty } from '../decide/backends.js';
import { drawnAt, outside, type Party } from '../decide/party.js';
import { sharesOf } from '../decide/reasons.js';
import type { MapRow } from '../map/connectivity.js';
import { drawnController } from '../map/controller.js';
import { formatMapPeer, type MapPeer } from '../map/map-peer.js';
import { workloadsOf } from '../map/workloads.js';
import { Direction } from '../policy.js';
import { ALL_PORTS, isNoPorts } from '../ports/port-set.js';
import {
  type Answer,
  type Decider,
  decidersOf,
  nodesOf,
  type Stretch,
  stretchesOf,
} from './deciders.js';

/** Why a pair of the list is allowed: all that decided some of its connections, in each direction. */
export type Explanation = {
  readonly egress: readonly Decider[];
  readonly ingress: readonly Decider[];
};

/** Explains rows of the map of one compiled set, and pairs without a connection. */
export const explainerOf = (compiled: Compiled): ((row: MapRow) => Explanation) => {
  const speakers = speakersOf(compiled);
  return ({ source, destination, ports }) => {
    const { table } = compiled.engine;
    const asked = table.numberOf(isNoPorts(ports) ? ALL_PORTS : ports, false);
    const answersOf = (direction: Direction, own: MapPeer, other: MapPeer): readonly Answer[] => {
      const subject = partyOf(compiled, speakers, own);
      const shares = (peer: Party) =>
        sharesOf(compiled, { subject, peer, direction, loop: false }, asked);
      if (other.kind !== 'range')
        return [{ stretch: null, shares: shares(partyOf(compiled, speakers, other)) }];
      return stretchesOf(compiled, subject, direction, stretchOf(other)).map(stretch => ({
        stretch,
        shares: shares(drawnAt(nodesOf(compiled), stretch.from)),
      }));
    };
    return {
      egress: decidersOf(compiled, answersOf(Direction.EGRESS, source, destination)),
      ingress: decidersOf(compiled, answersOf(Direction.INGRESS, destination, source)),
    };
  };
};

const stretchOf = ({ from, to }: Extract<MapPeer, { kind: 'range' }>): Stretch => ({
  from: addressOf(from),
  to: addressOf(to),
});

const addressOf = (text: string): Address => {
  const address = parseAddress(text);
  if (address === null) throw new RangeError(`\`${text}\` is no address`);
  return address;
};

/** Places in the facts of the pods that speak for workloads, by name. */
type Speakers = ReadonlyMap<string, number>;

const speakersOf = (compiled: Compiled): Speakers =>
  new Map(workloadsOf(compiled).map(({ peer, pod }) => [formatMapPeer(peer), pod]));

const partyOf = (compiled: Compiled, speakers: Speakers, peer: MapPeer): Party => {
  switch (peer.kind) {
    case 'workload':
      return podParty(compiled, speakers.get(formatMapPeer(peer)) ?? -1);
    case 'range':
      return outside(addressOf(peer.from));
    case 'ingress-controller':
      return drawnController(compiled);
  }
};
