import { portText } from './flow-row.js';
import { peerName } from './peer-name.js';
import type { SimulatedFlow } from './simulated.js';

/** Flows of one class between the same two ends that differ in the port alone. */
export type FlowLine = {
  /** In the order of ports. */
  readonly flows: readonly [SimulatedFlow, ...SimulatedFlow[]];
  /** Why they are of their class. */
  readonly why: string;
};

/** Ports that a line names; of more it says between which they lie. */
const NAMED_PORTS = 5;

const endsOf = ({ class: of, flow }: SimulatedFlow): readonly string[] => [
  of,
  peerName(flow.source),
  peerName(flow.destination),
  flow.protocol,
];

/** @param flows in order */
export const flowLines = (
  flows: readonly SimulatedFlow[],
  whyOf: (flow: SimulatedFlow) => string,
): readonly FlowLine[] => {
  const lines = new Map<string, FlowLine>();
  for (const flow of flows) {
    const why = whyOf(flow);
    const key = JSON.stringify([endsOf(flow), why, flow.notes]);
    const known = lines.get(key);
    lines.set(key, { flows: known === undefined ? [flow] : [...known.flows, flow], why });
  }
  return [...lines.values()];
};

const portsText = ({ flows }: FlowLine): string => {
  const { protocol } = flows[0].flow;
  const ports = flows.map(({ flow }) => flow.port).filter(port => port !== null);
  const [first, last] = [ports[0] ?? null, ports.at(-1)];
  if (ports.length <= 1) return portText(protocol, first);
  if (ports.length <= NAMED_PORTS) return `${protocol} ${ports.join(', ')}`;
  return `${protocol} ${ports.length} ports from ${first} to ${last}`;
};

/** `shop/web -> shop/api (TCP 8080)`, with all ports. */
export const lineConnection = (line: FlowLine): string => {
  const { source, destination } = line.flows[0].flow;
  return `${peerName(source)} -> ${peerName(destination)} (${portsText(line)})`;
};

/** A whole number of 64 bits, as text. */
export const lineEvents = ({ flows }: FlowLine): string =>
  String(flows.reduce((sum, { flow }) => sum + BigInt(flow.events), 0n));

/** `2`, or `2 to 7` where the flows of a line differ. */
export const lineDays = ({ flows }: FlowLine): string => {
  const days = flows.map(({ seenDays }) => seenDays);
  const [least, most] = [Math.min(...days), Math.max(...days)];
  return least === most ? `${least}` : `${least} to ${most}`;
};
