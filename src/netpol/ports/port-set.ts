import { Protocol } from '../policy.js';
import { holds, intersect, type Range, subtract, unite } from '../ranges.js';

export type PortRange = Range<number>;

/** For each protocol sorted, disjoint ranges that do not touch; ports are 1 to 65535. */
export type PortSet = Readonly<Record<Protocol, readonly PortRange[]>>;

export const FIRST_PORT = 1;
export const LAST_PORT = 65_535;

/** In alphabetical order, as lists print them. */
export const PROTOCOLS: readonly Protocol[] = [Protocol.SCTP, Protocol.TCP, Protocol.UDP];

const EVERY: readonly PortRange[] = [{ from: FIRST_PORT, to: LAST_PORT }];

export const NO_PORTS: PortSet = { TCP: [], UDP: [], SCTP: [] };
export const ALL_PORTS: PortSet = { TCP: EVERY, UDP: EVERY, SCTP: EVERY };

type Combine = (one: readonly PortRange[], other: readonly PortRange[]) => readonly PortRange[];

const each =
  (combine: Combine) =>
  (one: PortSet, other: PortSet): PortSet => ({
    TCP: combine(one.TCP, other.TCP),
    UDP: combine(one.UDP, other.UDP),
    SCTP: combine(one.SCTP, other.SCTP),
  });

export const unitePorts = each((one, other) => unite([...one, ...other]));
export const uniteManyPorts = (sets: readonly PortSet[]): PortSet => ({
  TCP: unite(sets.flatMap(({ TCP }) => TCP)),
  UDP: unite(sets.flatMap(({ UDP }) => UDP)),
  SCTP: unite(sets.flatMap(({ SCTP }) => SCTP)),
});
export const intersectPorts = each(intersect);
export const subtractPorts = each(subtract);

/** Ports outside 1 to 65535 are cut off. */
export const portSetOf = (
  ranges: readonly (PortRange & { readonly protocol: Protocol })[],
): PortSet => {
  const of = (protocol: Protocol) =>
    intersect(unite(ranges.filter(range => range.protocol === protocol)), EVERY).map(
      ({ from, to }) => ({ from, to }),
    );
  return { TCP: of(Protocol.TCP), UDP: of(Protocol.UDP), SCTP: of(Protocol.SCTP) };
};

export const containsPort = (set: PortSet, protocol: Protocol, port: number): boolean =>
  holds(set[protocol], port);

export const isNoPorts = (set: PortSet): boolean =>
  PROTOCOLS.every(protocol => set[protocol].length === 0);

const isEvery = (ranges: readonly PortRange[]): boolean =>
  ranges.length === 1 && ranges[0]?.from === FIRST_PORT && ranges[0].to === LAST_PORT;

/** All ports of all three protocols. */
export const isAllPorts = (set: PortSet): boolean =>
  PROTOCOLS.every(protocol => isEvery(set[protocol]));

const formatRange = ({ from, to }: PortRange): string =>
  from === to ? `${from}` : `${from}-${to}`;

/** `All Connections`, `No Connections`, or as `SCTP 1-65535,TCP 80,443,UDP 53`; two sets are equal when their texts are. */
export function formatPortSet(set: PortSet): string {
  if (isAllPorts(set)) return 'All Connections';
  if (isNoPorts(set)) return 'No Connections';
  return PROTOCOLS.filter(protocol => set[protocol].length > 0)
    .map(protocol => `${protocol} ${set[protocol].map(formatRange).join(',')}`)
    .join(',');
}

export const equalPorts = (one: PortSet, other: PortSet): boolean =>
  one === other || formatPortSet(one) === formatPortSet(other);
