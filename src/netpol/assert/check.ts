import type { Facts } from '../facts.js';
import {
  ALL_PORTS,
  intersectPorts,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  subtractPorts,
  unitePorts,
} from '../ports/port-set.js';
import { type Problem, Severity } from '../problem.js';
import type { Assertion, AtPorts, NamedPeers } from './assertion.js';
import { type AssertedEdge, type EdgeTable, edgeTable, stepsOf, walkFrom } from './edge-table.js';
import { endText, isMeant, type Lookup, lookupIn, type Matcher } from './ends.js';

/** Why an assertion does not hold. */
export type Violation = {
  readonly source: string;
  readonly destination: string;
  /** Ports that should be closed, or open where the assertion wants a connection. */
  readonly ports: PortSet;
  /** The way from end to end, both included; two ends where they are connected directly. */
  readonly path: readonly string[];
};

export type Checked = {
  readonly assertion: Assertion;
  readonly holds: boolean;
  /** The first of them, in the order of names. */
  readonly violations: readonly Violation[];
  readonly violationCount: number;
};

export type Checking = {
  readonly results: readonly Checked[];
  /** Of assertions that name nobody: they are not checked. */
  readonly problems: readonly Problem[];
};

const MOST_VIOLATIONS = 20;

type Meant = { readonly matcher: Matcher; readonly ports: PortSet };

/** Thrown through one assertion, and caught by it. */
class Unknown extends Error {}

const meant = (lookup: Lookup, peers: NamedPeers): Matcher => {
  const found = lookup(peers);
  if ('fault' in found) throw new Unknown(found.fault);
  return found;
};

const meantAt = (lookup: Lookup, { peers, ports }: AtPorts): Meant => ({
  matcher: meant(lookup, peers),
  ports,
});

type Edges = { readonly table: EdgeTable; readonly steps: () => readonly (readonly number[])[] };

/** For each end: whether it is meant. */
const among = ({ ends }: EdgeTable, matcher: Matcher, wholly: boolean): readonly boolean[] =>
  ends.map(isMeant(matcher, wholly));

function directly({ table }: Edges, forbidden: (source: number, destination: number) => PortSet) {
  const { ends, sources, destinations, ports, portSets } = table;
  const found = new Map<string, Violation>();
  for (const [edge, source] of sources.entries()) {
    const destination = destinations[edge] ?? -1;
    const closed = forbidden(source, destination);
    if (isNoPorts(closed)) continue;
    const open = intersectPorts(portSets[ports[edge] ?? -1] ?? NO_PORTS, closed);
    const [from, to] = [ends[source], ends[destination]];
    if (isNoPorts(open) || from === undefined || to === undefined) continue;
    const [one, other] = [endText(from), endText(to)];
    const key = `${one} ${other}`;
    const before = found.get(key)?.ports ?? NO_PORTS;
    const all = unitePorts(before, open);
    found.set(key, { source: one, destination: other, ports: all, path: [one, other] });
  }
  return [...found.values()];
}

/** @param swapped the subject is the source */
function onlyThose(
  edges: Edges,
  lookup: Lookup,
  { subject, allowed }: Extract<Assertion, { kind: 'reached-only-from' | 'reaches-only' }>,
  swapped: boolean,
): readonly Violation[] {
  const own = meant(lookup, subject);
  const inPart = among(edges.table, own, false);
  const others = allowed
    .map(one => meantAt(lookup, one))
    .map(({ matcher, ports }) => ({ is: among(edges.table, matcher, true), ports }));
  const openTo = edges.table.ends.map((_, place) =>
    others.reduce((all, { is, ports }) => (is[place] ? unitePorts(all, ports) : all), NO_PORTS),
  );
  const closedTo = openTo.map(open => subtractPorts(ALL_PORTS, open));
  return directly(edges, (source, destination) => {
    const [subjectPlace, other] = swapped ? [source, destination] : [destination, source];
    // What goes on among the subjects themselves is no business of others.
    if (!inPart[subjectPlace] || inPart[other]) return NO_PORTS;
    return closedTo[other] ?? NO_PORTS;
  });
}

function notReached(
  edges: Edges,
  lookup: Lookup,
  { from, to }: Extract<Assertion, { kind: 'does-not-reach' }>,
): readonly Violation[] {
  const sources = among(edges.table, meant(lookup, from), false);
  const { matcher, ports } = meantAt(lookup, to);
  const destinations = among(edges.table, matcher, false);
  return directly(edges, (source, destination) =>
    sources[source] && destinations[destination] ? ports : NO_PORTS,
  );
}

/** Names of who is meant, for a pair that should be connected and is not. */
const namesOf = ({ workloads, outside, controller }: Matcher): readonly string[] => [
  ...workloads,
  ...(outside === null ? [] : ['internet']),
  ...(controller ? ['{ingress-controller}'] : []),
];

/** Every one of those who are meant must reach every one at all of the ports; an address outside any. */
function reached(
  { table }: Edges,
  lookup: Lookup,
  { from, to }: Extract<Assertion, { kind: 'reaches' }>,
): readonly Violation[] {
  const source = meant(lookup, from);
  const { matcher: destination, ports } = meantAt(lookup, to);
  const wanted = isMeant(source, false);
  const target = isMeant(destination, false);
  const open = new Map<string, PortSet>();
  const nameOf = (end: EdgeTable['ends'][number]): string =>
    end.kind === 'range' || end.kind === 'outside' ? 'internet' : endText(end);
  for (const [edge, place] of table.sources.entries()) {
    const [one, other] = [table.ends[place], table.ends[table.destinations[edge] ?? -1]];
    if (one === undefined || other === undefined || !wanted(one) || !target(other)) continue;
    const key = `${nameOf(one)} ${nameOf(other)}`;
    const set = table.portSets[table.ports[edge] ?? -1] ?? NO_PORTS;
    open.set(key, unitePorts(open.get(key) ?? NO_PORTS, set));
  }
  // Without ports some connection is enough.
  const any = ports === ALL_PORTS;
  return namesOf(source).flatMap(one =>
    namesOf(destination).flatMap(other => {
      const is = open.get(`${one} ${other}`) ?? NO_PORTS;
      const missing = any && !isNoPorts(is) ? NO_PORTS : subtractPorts(ports, is);
      const isFine = isNoPorts(missing) || one === other;
      return isFine
        ? []
        : [{ source: one, destination: other, ports: missing, path: [one, other] }];
    }),
  );
}

/** The ports of one end towards another, all edges together. */
function portsOfPairs(table: EdgeTable) {
  let known: Map<string, PortSet> | null = null;
  return (source: number, destination: number): PortSet => {
    if (known === null) {
      known = new Map();
      for (const [edge, from] of table.sources.entries()) {
        const pair = `${from} ${table.destinations[edge]}`;
        const ports = table.portSets[table.ports[edge] ?? -1] ?? NO_PORTS;
        known.set(pair, unitePorts(known.get(pair) ?? NO_PORTS, ports));
      }
    }
    return known.get(`${source} ${destination}`) ?? NO_PORTS;
  };
}

function pathless(
  { table, steps }: Edges,
  lookup: Lookup,
  { from, to }: Extract<Assertion, { kind: 'no-path' }>,
): readonly Violation[] {
  const isStart = among(table, meant(lookup, from), false);
  const isEnd = among(table, meant(lookup, to), false);
  const starts = [...isStart.keys()].filter(place => isStart[place]);
  const walk = walkFrom(table, steps(), starts);
  const textAt = (place: number): string => {
    const end = table.ends[place];
    return end === undefined ? '' : endText(end);
  };
  const portsTo = portsOfPairs(table);
  const pathTo = (place: number): readonly number[] => {
    const path = [place];
    for (let before = walk.get(place)?.before ?? -1; before >= 0; ) {
      path.unshift(before);
      before = isStart[before] ? -1 : (walk.get(before)?.before ?? -1);
    }
    return path;
  };
  return [...walk.keys()].flatMap(place => {
    if (!isEnd[place] || isStart[place]) return [];
    const path = pathTo(place);
    const names = path.map(textAt);
    const ports = portsTo(path.at(-2) ?? -1, place);
    return [{ source: names[0] ?? '', destination: names.at(-1) ?? '', ports, path: names }];
  });
}

function violationsOf(edges: Edges, lookup: Lookup, assertion: Assertion): readonly Violation[] {
  switch (assertion.kind) {
    case 'reached-only-from':
      return onlyThose(edges, lookup, assertion, false);
    case 'reaches-only':
      return onlyThose(edges, lookup, assertion, true);
    case 'does-not-reach':
      return notReached(edges, lookup, assertion);
    case 'reaches':
      return reached(edges, lookup, assertion);
    case 'no-path':
      return pathless(edges, lookup, assertion);
  }
}

const unknown = ({ text, place }: Assertion, fault: string): Problem => ({
  code: 'ASSERTION_NAMES_NOBODY',
  severity: Severity.ERROR,
  message: `\`${text}\`: ${fault}`,
  path: null,
  place,
  hint: 'name workloads as `namespace/name`; an assertion about nobody would always hold',
});

const byName = (one: Violation, other: Violation): number => {
  const [a, b] = [`${one.source} ${one.destination}`, `${other.source} ${other.destination}`];
  return a < b ? -1 : Number(a > b);
};

/**
 * Holds assertions against edges: what a map says may be, or what flows show was. An assertion that wants a connection
 * (`reaches`) is asked of a map only. Those that name nobody are problems, and have no result.
 */
export function checkAssertions(
  assertions: readonly Assertion[],
  facts: Pick<Facts, 'pods'>,
  asserted: Iterable<AssertedEdge>,
): Checking {
  const lookup = lookupIn(facts);
  const table = edgeTable(asserted);
  let known: readonly (readonly number[])[] | null = null;
  const steps = () => {
    known ??= stepsOf(table);
    return known;
  };
  const results: Checked[] = [];
  const problems: Problem[] = [];
  for (const assertion of assertions) {
    try {
      const all = violationsOf({ table, steps }, lookup, assertion).toSorted(byName);
      const violations = all.slice(0, MOST_VIOLATIONS);
      const count = all.length;
      results.push({ assertion, holds: count === 0, violations, violationCount: count });
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      problems.push(unknown(assertion, error.message));
    }
  }
  return { results, problems };
}
