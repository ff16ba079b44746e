import type { Compiled } from '../compile/compiled.js';
import { decide } from '../decide/decide.js';
import type { MapRow } from '../map/connectivity.js';
import type { MapPeer } from '../map/map-peer.js';
import { PROTOCOLS } from '../ports/port-set.js';
import type { Endpoint, Half, Reason } from '../verdict.js';

/** Why a pair of the list is allowed: what decided, over all of its ports, in each direction. */
export type Explanation = {
  readonly egress: readonly Reason[];
  readonly ingress: readonly Reason[];
};

/** Explains rows of the map of one compiled set. */
export const explainerOf = (compiled: Compiled): ((row: MapRow) => Explanation) => {
  const speakers = speakersOf(compiled);
  return ({ source, destination, ports }) => {
    const ends = { source: endOf(source, speakers), destination: endOf(destination, speakers) };
    const decisions = PROTOCOLS.flatMap(protocol =>
      ports[protocol].map(({ from }) => decide(compiled, { ...ends, port: from, protocol })),
    );
    return {
      egress: reasonsOf(decisions.map(({ egress }) => egress)),
      ingress: reasonsOf(decisions.map(({ ingress }) => ingress)),
    };
  };
};

/** Each reason once, in the order in which it first decided. */
const reasonsOf = (halves: readonly Half[]): readonly Reason[] => [
  ...new Map(
    halves.flatMap(({ reasons }) => reasons.map(reason => [JSON.stringify(reason), reason])),
  ).values(),
];

type Speakers = ReadonlyMap<string, string>;

const keyOf = (namespace: string, name: string, kind: string): string =>
  `${namespace}/${name}[${kind}]`;

/** "The first replica in the input speaks for its owner." */
const speakersOf = ({ facts }: Compiled): Speakers =>
  new Map(
    facts.pods
      .toReversed()
      .map(({ namespace, workload, key }) => [keyOf(namespace, workload.name, workload.kind), key]),
  );

const endOf = (peer: MapPeer, speakers: Speakers): Endpoint => {
  switch (peer.kind) {
    case 'workload': {
      const key = speakers.get(keyOf(peer.namespace, peer.name, peer.workloadKind));
      return key === undefined
        ? { kind: 'unresolved', reason: 'no pod speaks for the workload' }
        : { kind: 'pod', key };
    }
    case 'range':
      // All addresses of a range are treated alike.
      return { kind: 'address', address: peer.from };
    case 'ingress-controller':
      return { kind: 'ingress-controller' };
  }
};
