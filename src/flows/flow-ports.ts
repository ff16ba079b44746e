import { ALL_PROTOCOLS, numberOfProtocol } from './flow-marks.js';
import type { FlowFilter } from './flow-view.js';

/** Flows of one protocol, by its number, and to one port; `port` null: to any. */
export type PortRange = { readonly protocol: number; readonly port: number | null };

/** So many are looked up one beside the other. */
const MOST_RANGES = 64;

export const ALL_PORTS: readonly PortRange[] = ALL_PROTOCOLS.map(protocol => ({
  protocol,
  port: null,
}));

/** Each once, and none beside the whole of its protocol. */
function distinct(ranges: readonly PortRange[]): readonly PortRange[] {
  const whole = new Set(ranges.filter(({ port }) => port === null).map(({ protocol }) => protocol));
  const ports = ranges.filter(({ protocol, port }) => port !== null && !whole.has(protocol));
  const single = new Map(ports.map(range => [`${range.protocol} ${range.port}`, range]));
  return [...[...whole].map(protocol => ({ protocol, port: null })), ...single.values()];
}

const inBoth = (some: readonly PortRange[], others: readonly PortRange[]): readonly PortRange[] =>
  distinct(
    some.flatMap(one =>
      others
        .filter(other => other.protocol === one.protocol)
        .filter(({ port }) => port === one.port || port === null || one.port === null)
        .map(({ port }) => ({ protocol: one.protocol, port: one.port ?? port })),
    ),
  );

function asked(filter: FlowFilter): readonly PortRange[] {
  const { protocol, port = null, and, or } = filter;
  const protocols = typeof protocol === 'string' ? [numberOfProtocol(protocol)] : ALL_PROTOCOLS;
  const parts = [
    protocols.map(number => ({ protocol: number, port })),
    ...(and ?? []).map(asked),
    ...(or ? [distinct(or.flatMap(asked))] : []),
  ];
  return parts.reduce(inBoth);
}

/** Where the flows of a filter are in the order of protocol and port: all of them, and others beside. */
export function portRanges(filter: FlowFilter | null | undefined): readonly PortRange[] {
  const ranges = filter ? asked(filter) : ALL_PORTS;
  if (ranges.length <= MOST_RANGES) return ranges;
  return distinct(ranges.map(({ protocol }) => ({ protocol, port: null })));
}
