import { type Compiled, ofFacts } from '../compile/compiled.js';
import { resolveNamed } from '../compile/port-profile.js';
import type { PodFact, ServiceFact, ServicePort } from '../facts.js';
import { isNoPorts } from '../ports/port-set.js';
import type { Party } from './party.js';
import { type PointProtocol, protocolOf } from './point.js';

/** A pod behind a Service, and the port on it. */
export type Backend = { readonly pod: number; readonly port: number | null };

export const podParty = ({ engine }: Compiled, pod: number): Party => {
  const podClass = engine.index.classes[engine.index.classOf[pod] ?? -1];
  return podClass === undefined ? { kind: 'stranger' } : { kind: 'pod', pod, podClass };
};

const behind = ({ namespace, selector }: ServiceFact, pod: PodFact): boolean =>
  selector !== null &&
  pod.namespace === namespace &&
  Object.entries(selector).every(
    ([key, value]) => Object.hasOwn(pod.labels, key) && pod.labels[key] === value,
  );

const knownBehind = ofFacts(() => new Map<ServiceFact, readonly number[]>());

/** Places in the facts of the pods that a Service selects; an empty selector selects none. */
export function podsBehind({ facts, engine }: Compiled, service: ServiceFact): readonly number[] {
  if (Object.keys(service.selector ?? {}).length === 0) return [];
  const known = knownBehind(engine);
  const before = known.get(service);
  if (before !== undefined) return before;
  const pods = facts.pods.flatMap((pod, position) => (behind(service, pod) ? [position] : []));
  known.set(service, pods);
  return pods;
}

/** "None": clients reach the pods themselves, on the pods' own ports. */
export const isHeadless = ({ clusterIps }: ServiceFact): boolean => clusterIps.includes('None');

/** The numbers that a Service's port has on a pod: several where containers repeat its name. */
export function targetPorts(
  compiled: Compiled,
  pod: number,
  { targetPort, protocol }: ServicePort,
): readonly number[] {
  if (typeof targetPort === 'number') return [targetPort];
  const party = podParty(compiled, pod);
  if (party.kind !== 'pod') return [];
  const named = resolveNamed(party.podClass.profile, targetPort, protocol);
  return isNoPorts(named)
    ? []
    : named[protocol].flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, step) => from + step),
      );
}

/** Where a connection to a Service's port ends; none where the Service has no such port or no pod. */
export function backendsOf(
  compiled: Compiled,
  service: ServiceFact,
  port: number | null,
  protocol: PointProtocol,
): readonly Backend[] {
  const pods = podsBehind(compiled, service);
  if (isHeadless(service) || protocol === null) return pods.map(pod => ({ pod, port }));
  const ports = service.ports.filter(
    listed => protocolOf(listed.protocol) === protocol && (port === null || listed.port === port),
  );
  return pods.flatMap(pod =>
    ports.flatMap(listed =>
      targetPorts(compiled, pod, listed).map(target => ({ pod, port: target })),
    ),
  );
}
