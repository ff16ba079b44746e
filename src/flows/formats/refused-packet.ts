import { ObservedVerdict } from '../flow.js';
import { FlowDirection, type Observation, SkipReason } from '../observation.js';
import { SECOND } from '../time.js';
import { skip, type Tally } from './format.js';

/** Sights of one packet on two nodes lie in the same of these spans or in two that touch; clocks of nodes differ by less. */
const SPAN = 2 * SECOND;

const spanOf = ({ firstSeen }: Observation): number => Math.floor(firstSeen / SPAN);

const keyOf = ({ sourcePort, port, servicePort, protocol }: Observation): string =>
  `${sourcePort} ${port ?? servicePort} ${protocol}`;

type Spans = Map<Observation['source'], Map<Observation['destination'], Map<string, Set<number>>>>;

/** When packets were refused, by source and destination, which are the same objects within one stream, and by ports. */
export type Refused = { readonly spans: Spans; size: number };

export const newRefused = (): Refused => ({ spans: new Map(), size: 0 });

/** Refusals remembered: beyond that the stream begins anew with what it learns. */
const MOST = 30_000;

function remember(refused: Refused, observation: Observation): void {
  const { source, destination } = observation;
  const ofSource =
    refused.spans.get(source) ?? new Map<Observation['destination'], Map<string, Set<number>>>();
  refused.spans.set(source, ofSource);
  const ofBoth = ofSource.get(destination) ?? new Map<string, Set<number>>();
  ofSource.set(destination, ofBoth);
  const key = keyOf(observation);
  const ofPorts = ofBoth.get(key) ?? new Set<number>();
  ofBoth.set(key, ofPorts);
  const before = ofPorts.size;
  refused.size += ofPorts.add(spanOf(observation)).size - before;
}

const isRefusal = ({ verdict, direction }: Observation): boolean =>
  verdict === ObservedVerdict.DENIED && direction === FlowDirection.INGRESS;

/** Seen where it left its source, so that nothing tells yet whether it arrived. */
const isOnItsWay = ({ verdict, direction, sourcePort }: Observation): boolean =>
  verdict === ObservedVerdict.ALLOWED && direction === FlowDirection.EGRESS && sourcePort !== null;

function isRefused({ spans }: Refused, observation: Observation): boolean {
  const ofPorts = spans
    .get(observation.source)
    ?.get(observation.destination)
    ?.get(keyOf(observation));
  const span = spanOf(observation);
  return ofPorts !== undefined && [span - 1, span, span + 1].some(near => ofPorts.has(near));
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
