import { type Protocol, Protocol as Protocols } from '../policy.js';
import type { TrafficId, TrafficTable } from '../ports/traffic.js';
import { holds } from '../ranges.js';
import { Basis, Verdict } from '../verdict.js';
import type { Side } from './side.js';

/** What holds of one port. */
export type Point = { readonly verdict: Verdict; readonly basis: Basis };

/** What is no port is not known. */
export const validPort = (port: number | null): number | null =>
  port !== null && Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null;

/** Null stands for every protocol that policies cannot name. */
export type PointProtocol = Protocol | null;

export const protocolOf = (name: string): PointProtocol =>
  Object.values(Protocols).find(protocol => protocol === name.toUpperCase()) ?? null;

/** From the one that asks for most care to the plainest. */
const BY_CONCERN: readonly Basis[] = [
  Basis.UNDEFINED_HOST_NETWORK,
  Basis.CNI_DEPENDENT,
  Basis.UNDEFINED_SNAT,
  Basis.MIXED_BACKENDS,
  Basis.MIXED_LABEL_SETS,
  Basis.UNRESOLVED_PEER,
  Basis.MISSING_INVENTORY,
  Basis.UNDEFINED_PROTOCOL,
  Basis.POLICY,
  Basis.SPEC_EXCEPTION,
  Basis.DEFAULT_ALLOW,
];

const byConcern = (points: readonly Point[]): readonly Point[] =>
  [...points].sort((one, other) => BY_CONCERN.indexOf(one.basis) - BY_CONCERN.indexOf(other.basis));

export const mostConcerning = (points: readonly Point[]): Point | undefined => byConcern(points)[0];

const of = (points: readonly Point[], verdict: Verdict) =>
  points.filter(point => point.verdict === verdict);

/**
 * `egress AND ingress`. A denial stands when one side denies, on the plainest ground of those that
 * do; an allowance needs both, and is as doubtful as the more doubtful of them.
 */
export function both(egress: Point, ingress: Point): Point {
  const points = [egress, ingress];
  const denied = byConcern(of(points, Verdict.DENIED)).at(-1);
  return (
    denied ?? mostConcerning(of(points, Verdict.UNDECIDABLE)) ?? mostConcerning(points) ?? egress
  );
}

/** The one answer of several cases; `otherwise` where their verdicts differ. */
export function agreed(points: readonly Point[], otherwise: Basis): Point {
  const verdicts = new Set(points.map(({ verdict }) => verdict));
  const answer = mostConcerning(points);
  return verdicts.size === 1 && answer !== undefined
    ? answer
    : { verdict: Verdict.UNDECIDABLE, basis: otherwise };
}

const has = (
  table: TrafficTable,
  traffic: TrafficId,
  protocol: PointProtocol,
  port: number,
): boolean => {
  const { ports, other } = table.at(traffic);
  return protocol === null ? other : holds(ports[protocol], port);
};

function basisOf(table: TrafficTable, side: Side, protocol: PointProtocol, port: number): Basis {
  if (has(table, side.maybe, protocol, port)) {
    return protocol === null && side.undefinedProtocol
      ? Basis.UNDEFINED_PROTOCOL
      : Basis.MISSING_INVENTORY;
  }
  if (has(table, side.byHost, protocol, port)) return Basis.UNDEFINED_HOST_NETWORK;
  if (has(table, side.byCni, protocol, port)) return Basis.CNI_DEPENDENT;
  return has(table, side.byDefault, protocol, port) ? Basis.DEFAULT_ALLOW : Basis.POLICY;
}

export function pointOf(
  table: TrafficTable,
  side: Side,
  protocol: PointProtocol,
  port: number,
): Point {
  const basis = basisOf(table, side, protocol, port);
  if (has(table, side.allow, protocol, port)) return { verdict: Verdict.ALLOWED, basis };
  const open = has(table, side.maybe, protocol, port);
  return { verdict: open ? Verdict.UNDECIDABLE : Verdict.DENIED, basis };
}

const setsOf = ({ allow, maybe, byDefault, byCni, byHost }: Side): readonly TrafficId[] => [
  allow,
  maybe,
  byDefault,
  byCni,
  byHost,
];

/** The first port of each stretch of ports on which all sides say one thing; one port for other protocols. */
export function startsOf(
  table: TrafficTable,
  sides: readonly Side[],
  protocol: PointProtocol,
): readonly number[] {
  if (protocol === null) return [1];
  const starts = new Set([1]);
  for (const traffic of sides.flatMap(setsOf)) {
    for (const { from, to } of table.at(traffic).ports[protocol]) {
      starts.add(from);
      if (to < 65_535) starts.add(to + 1);
    }
  }
  return [...starts].sort((one, other) => one - other);
}
