import {
  allowedPorts,
  type Compiled,
  type Facts,
  formatPortSet,
  type ObservedFlow,
  type PodFact,
} from '../netpol/index.js';
import type { PolicySetItem } from './policy-set.js';

/** A pair of deployments that a generated set connects, and that no flow asked for (at least not on these ports). */
export type ExtraPair = {
  /** `namespace/name` */
  readonly source: string;
  readonly destination: string;
  /** Everything that is allowed between the two, as `TCP 80,443`. */
  readonly ports: string;
};

/** More are not listed: a set that wide shows in the simulation. */
const MOST_PAIRS = 1_000;

const labelOf = (pod: PodFact): string => `${pod.namespace}/${pod.workload.name}`;

const observedPorts = (
  flows: readonly ObservedFlow[],
): ReadonlyMap<string, ReadonlySet<string>> => {
  const ports = new Map<string, Set<string>>();
  for (const { source, destination, protocol, port } of flows) {
    if (source.kind !== 'pod' || destination.kind !== 'pod') continue;
    const key = `${source.key} ${destination.key}`;
    ports.set(key, (ports.get(key) ?? new Set()).add(`${protocol} ${port}`));
  }
  return ports;
};

/** `SCTP 1-65535,TCP 80,443` names two single ports and a range; a set of the observed singles alone is no extra. */
function isObserved(allowed: string, observed: ReadonlySet<string> | undefined): boolean {
  let protocol = '';
  return allowed.split(',').every(part => {
    const [first = '', second] = part.split(' ');
    if (second !== undefined) protocol = first;
    return observed?.has(`${protocol} ${second ?? first}`) ?? false;
  });
}

const podEnd = ({ key }: PodFact) => ({ kind: 'pod', key }) as const;

/** What the set allows from one deployment to another, where that is more than was observed. */
function extraPair(
  compiled: Compiled,
  observed: ReturnType<typeof observedPorts>,
  source: PodFact,
  destination: PodFact,
): ExtraPair | null {
  const ports = formatPortSet(allowedPorts(compiled, podEnd(source), podEnd(destination)));
  if (ports === 'No Connections') return null;
  if (isObserved(ports, observed.get(`${source.key} ${destination.key}`))) return null;
  return { source: labelOf(source), destination: labelOf(destination), ports };
}

/**
 * Further pairs that the set allows, between deployments that it governs on both sides. (Towards a deployment
 * without a policy the set says nothing of its side.)
 */
export function extraPairs(
  compiled: Compiled,
  facts: Facts,
  items: readonly PolicySetItem[],
  flows: readonly ObservedFlow[],
): readonly ExtraPair[] {
  const governed = new Set(items.map(({ deploymentId }) => deploymentId));
  const pods = facts.pods.filter(pod => governed.has(pod.key));
  const observed = observedPorts(flows);
  const pairs: ExtraPair[] = [];
  for (const source of pods) {
    for (const destination of pods) {
      const pair =
        source === destination ? null : extraPair(compiled, observed, source, destination);
      if (pair !== null) pairs.push(pair);
      if (pairs.length >= MOST_PAIRS) return pairs;
    }
  }
  return pairs;
}
