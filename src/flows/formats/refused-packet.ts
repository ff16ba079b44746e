import { ObservedVerdict } from '../flow.js';
import { FlowDirection, type Observation, SkipReason } from '../observation.js';
import { SECOND } from '../time.js';
import { skip, type Tally } from './format.js';

/** Sights of one packet on two nodes are this close; clocks of nodes differ by less. */
const WINDOW = 2 * SECOND;

const keyOf = ({ sourcePort, port, servicePort, protocol }: Observation): string =>
  `${sourcePort} ${port ?? servicePort} ${protocol}`;

type Times = Map<Observation['source'], Map<Observation['destination'], Map<string, number>>>;

/** When packets were refused, by source and destination, which are the same objects within one stream, and by ports. */
export type Refused = { readonly times: Times; size: number };

export const newRefused = (): Refused => ({ times: new Map(), size: 0 });

/** Refusals remembered: beyond that the stream begins anew with what it learns. */
const MOST = 30_000;

function remember(refused: Refused, observation: Observation): void {
  const { source, destination, firstSeen } = observation;
  const ofSource = refused.times.get(source) ?? new Map();
  refused.times.set(source, ofSource);
  const ofBoth = ofSource.get(destination) ?? new Map();
  ofSource.set(destination, ofBoth);
  ofBoth.set(keyOf(observation), firstSeen);
  refused.size += 1;
}

const isRefusal = ({ verdict, direction }: Observation): boolean =>
  verdict === ObservedVerdict.DENIED && direction === FlowDirection.INGRESS;

/** Seen where it left its source, so that nothing tells yet whether it arrived. */
const isOnItsWay = ({ verdict, direction, sourcePort }: Observation): boolean =>
  verdict === ObservedVerdict.ALLOWED && direction === FlowDirection.EGRESS && sourcePort !== null;

function isRefused(refused: Refused, observation: Observation): boolean {
  const at = refused.times
    .get(observation.source)
    ?.get(observation.destination)
    ?.get(keyOf(observation));
  return at !== undefined && Math.abs(at - observation.firstSeen) < WINDOW;
}

/**
 * A packet that its source lets out and its destination refuses was denied: the source's sights of it are no traffic, in
 * whatever order they come within a chunk, and after it.
 */
export function dropRefused(refused: Refused, tally: Tally): void {
  const { observations } = tally;
  if (refused.size > MOST) Object.assign(refused, newRefused());
  for (const one of observations) if (isRefusal(one)) remember(refused, one);
  if (refused.size === 0) return;
  tally.observations = observations.filter(one => {
    const isGone = isOnItsWay(one) && isRefused(refused, one);
    if (isGone) skip(tally, SkipReason.REPORTED_TWICE, one.firstSeen);
    return !isGone;
  });
}
