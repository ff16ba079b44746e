import {
  allowedBetween,
  type Compiled,
  type Facts,
  formatPortSet,
  type ObservedFlow,
  type PodFact,
  type PortSet,
} from '../netpol/index.js';
import type { PolicySetItem } from './policy-set.js';

/** A pair of deployments that a generated set connects, and that no flow asked for (at least not on these ports). */
export type ExtraPair = {
  /** `namespace/name` */
  readonly source: string;
  readonly destination: string;
  /** Everything that is allowed between the two, such as `TCP 80,443`. */
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

/** `formatPortSet`, once for each of the sets, which many pairs share. */
function portTexts() {
  const known = new Map<PortSet, string>();
  return (ports: PortSet): string => {
    const text = known.get(ports) ?? formatPortSet(ports);
    known.set(ports, text);
    return text;
  };
}

/**
 * Further pairs that the set allows, between deployments that it governs on both sides, in the order of the facts; the
 * first 1,000 of them. (Towards a deployment without a policy the set says nothing of its side.)
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
  const textOf = portTexts();
  const pairs: ExtraPair[] = [];
  const keys = pods.map(({ key }) => key);
  for (const { source, destination, ports } of allowedBetween(compiled, keys)) {
    const [from, to] = [pods[source], pods[destination]];
    if (from === undefined || to === undefined || from === to) continue;
    const text = textOf(ports);
    if (isObserved(text, observed.get(`${from.key} ${to.key}`))) continue;
    pairs.push({ source: labelOf(from), destination: labelOf(to), ports: text });
    if (pairs.length >= MOST_PAIRS) break;
  }
  return pairs;
}
