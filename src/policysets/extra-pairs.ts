import {
  allowedBetween,
  asksDns,
  type Compiled,
  Direction,
  dnsPods,
  dnsPortsOf,
  type Facts,
  formatPortSet,
  isNoPorts,
  type ObservedFlow,
  type PodFact,
  type Policy,
  type PortSet,
  portSetOf,
  subtractPorts,
  workloadsGoverned,
} from '../netpol/index.js';

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

/** Whoever was seen to ask DNS over one protocol may use both. */
function observedPorts(
  facts: Facts,
  flows: readonly ObservedFlow[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const ports = new Map<string, Set<string>>();
  const isQuery = asksDns(facts);
  for (const flow of flows) {
    const { source, destination, protocol, port } = flow;
    if (source.kind !== 'pod' || destination.kind !== 'pod') continue;
    const key = `${source.key} ${destination.key}`;
    const known = ports.get(key) ?? new Set();
    ports.set(key, known);
    for (const each of isQuery(flow) ? DNS_PROTOCOLS : [protocol]) known.add(`${each} ${port}`);
  }
  return ports;
}

/** Whether all ports of `80` or `8000-8010` are among the observed. */
function areObserved(protocol: string, range: string, observed: ReadonlySet<string>): boolean {
  const [from = 0, to = from] = range.split('-').map(Number);
  if (to - from >= observed.size) return false;
  for (let port = from; port <= to; port++) if (!observed.has(`${protocol} ${port}`)) return false;
  return true;
}

const NONE: ReadonlySet<string> = new Set();

/** Of `SCTP 1-65535,TCP 80,443` each part; ports that were observed alone are no extra, also where they follow each other. */
function isObserved(allowed: string, observed: ReadonlySet<string> = NONE): boolean {
  if (allowed === '') return true;
  let protocol = '';
  return allowed.split(',').every(part => {
    const [first = '', second] = part.split(' ');
    if (second !== undefined) protocol = first;
    return areObserved(protocol, second ?? first, observed);
  });
}

/** `formatPortSet` of what is left (none: empty), once for each of the sets, which many pairs share. */
function portTexts(left: (ports: PortSet) => PortSet) {
  const known = new Map<PortSet, string>();
  return (ports: PortSet): string => {
    const kept = left(ports);
    const text = known.get(ports) ?? (isNoPorts(kept) ? '' : formatPortSet(kept));
    known.set(ports, text);
    return text;
  };
}

/** Keys of the workloads that the set isolates in a direction, by labels of their own or of others. */
const isolatedIn = (
  facts: Facts,
  policies: readonly Policy[],
  direction: Direction,
): ReadonlySet<string> =>
  new Set(
    policies
      .filter(
        ({ ingress, egress }) => (direction === Direction.INGRESS ? ingress : egress) !== null,
      )
      .flatMap(policy => workloadsGoverned(facts, policy)),
  );

const DNS_PROTOCOLS = ['TCP', 'UDP'] as const;

/** DNS is open to all on purpose, by a rule that says so, and is no extra. */
function withoutDns(facts: Facts) {
  const told = dnsPods(facts).flatMap(dnsPortsOf(facts));
  const open = [...new Set([53, 5353, ...told])].flatMap(port =>
    DNS_PROTOCOLS.map(protocol => ({ protocol, from: port, to: port })),
  );
  return (ports: PortSet): PortSet => subtractPorts(ports, portSetOf(open));
}

const asItIs = (ports: PortSet): PortSet => ports;

/** Whether the set says something of a pair: it isolates the source's egress or the destination's ingress. */
function governs(facts: Facts, policies: readonly Policy[]) {
  const ingress = isolatedIn(facts, policies, Direction.INGRESS);
  const egress = isolatedIn(facts, policies, Direction.EGRESS);
  return (from: PodFact, to: PodFact): boolean => egress.has(from.key) || ingress.has(to.key);
}

/** What a pair allows beyond what was seen of it; empty: nothing. */
function extraText(facts: Facts, flows: readonly ObservedFlow[]) {
  const names = new Set(dnsPods(facts).map(({ key, memberOf }) => memberOf ?? key));
  const observed = observedPorts(facts, flows);
  const [textOf, textToDns] = [portTexts(asItIs), portTexts(withoutDns(facts))];
  return (from: PodFact, to: PodFact, ports: PortSet): string => {
    const text = names.has(to.key) ? textToDns(ports) : textOf(ports);
    return isObserved(text, observed.get(`${from.key} ${to.key}`)) ? '' : text;
  };
}

/**
 * Further pairs that the set allows, in the order of the facts; the first 1,000 of them. A pair is the set's where it
 * isolates the source's egress or the destination's ingress, whichever other workload, with or without a policy of its
 * own, is the other end; two pods of one workload are a pair. Of the rest the set says nothing.
 */
export function extraPairs(
  compiled: Compiled,
  facts: Facts,
  policies: readonly Policy[],
  flows: readonly ObservedFlow[],
): readonly ExtraPair[] {
  const speakers = facts.pods.filter(pod => pod.memberOf === undefined && !pod.hostNetwork);
  const isGoverned = governs(facts, policies);
  const textOf = extraText(facts, flows);
  const pairs: ExtraPair[] = [];
  const keys = speakers.map(({ key }) => key);
  for (const { source, destination, ports } of allowedBetween(compiled, keys)) {
    const [from, to] = [speakers[source], speakers[destination]];
    if (from === undefined || to === undefined || !isGoverned(from, to)) continue;
    const text = textOf(from, to, ports);
    if (text === '') continue;
    pairs.push({ source: labelOf(from), destination: labelOf(to), ports: text });
    if (pairs.length >= MOST_PAIRS) break;
  }
  return pairs;
}
