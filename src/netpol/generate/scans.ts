import { counted } from '../counted.js';
import type { Facts, PodFact } from '../facts.js';
import type { Problem } from '../problem.js';
import type { Endpoint } from '../verdict.js';
import { declaredPorts } from './declared-ports.js';
import { portKey } from './draft.js';
import type { ObservedFlow } from './evidence.js';
import { isProtocol } from './flow-rule.js';
import { isOneJob } from './fold.js';
import { enumerated, warning } from './warning.js';

/** So many undeclared ports of one server without a sign of use are more than a client tries by mistake. */
const MANY_PORTS = 5;
/** So many servers on one such port are more than call each other. */
const MANY_SERVERS = 10;
/** A touch is a packet, and perhaps two more where no answer comes; what is used shows more a day. */
const MOST_TOUCHES = 3n;

/**
 * Whether a port was used, and not merely touched: the source says so, or it was seen more often on its days than a scan of the day
 * touches it.
 */
const isUsed = ({ answered, evidence: { events, days } }: ObservedFlow): boolean =>
  answered ?? events > MOST_TOUCHES * BigInt(days.length);

const keyOf = (end: Endpoint): string => (end.kind === 'pod' ? end.key : JSON.stringify(end));

type Touch = { readonly flow: ObservedFlow; readonly server: string; readonly client: string };

/** Undeclared ports that nobody was seen to use. */
function touchesIn(facts: Facts, flows: readonly ObservedFlow[]): readonly Touch[] {
  const pods = Map.groupBy(facts.pods, ({ key, memberOf }) => memberOf ?? key);
  const podsOf = (end: Endpoint): readonly PodFact[] =>
    end.kind === 'pod' ? (pods.get(end.key) ?? []) : [];
  const declaredBy = declaredPorts(facts);
  const isDeclared = ({ destination, protocol, port }: ObservedFlow): boolean => {
    const text = isProtocol(protocol) ? portKey({ protocol, port }) : '';
    return podsOf(destination).some(pod => declaredBy(pod).has(text));
  };
  const isInside = ({ source, destination }: ObservedFlow): boolean => {
    const [one] = podsOf(source);
    const [other] = podsOf(destination);
    return one !== undefined && other !== undefined && (one === other || isOneJob(one, other));
  };
  return flows
    .filter(flow => flow.port !== null && !(isUsed(flow) || isDeclared(flow) || isInside(flow)))
    .map(flow => ({ flow, client: keyOf(flow.source), server: keyOf(flow.destination) }));
}

type Some = readonly [ObservedFlow, ...ObservedFlow[]];

/** Of each key the flows, where there are `least` of them. */
const manyBy = (
  touches: readonly Touch[],
  keyOfTouch: (touch: Touch) => string,
  least: number,
): readonly Some[] =>
  [...Map.groupBy(touches, keyOfTouch).values()].flatMap(([first, ...others]) =>
    first === undefined || others.length + 1 < least
      ? []
      : [[first.flow, ...others.map(({ flow }) => flow)] as const],
  );

const HINT =
  'find out whether somebody scans; where the ports are wanted, declare them as container ports, or observe for longer or by a source that tells bytes';

const portsText = (flows: readonly ObservedFlow[], protocol: string): string => {
  const ports = flows.flatMap(({ port }) => port ?? []).toSorted((one, other) => one - other);
  const shown = ports.slice(0, 10).join(', ');
  return `${protocol} ${shown}${ports.length > 10 ? ` and ${ports.length - 10} more` : ''}`;
};

function ofServer(touched: Some, all: readonly ObservedFlow[]): Problem {
  const [{ names, protocol, source, destination }] = touched;
  const [client, server] = [keyOf(source), keyOf(destination)];
  const seen = all.filter(
    flow =>
      flow.protocol === protocol &&
      keyOf(flow.source) === client &&
      keyOf(flow.destination) === server,
  ).length;
  return warning(
    'SCANNED',
    `\`${names.source}\` touched ${counted(seen, `${protocol} port`)} of \`${names.destination}\`: ${touched.length} of them get no rule, since no container or Service declares them and nobody was seen to use them (${portsText(touched, protocol)})`,
    HINT,
  );
}

function ofPort(touched: Some): Problem {
  const [{ names, protocol, port }] = touched;
  return warning(
    'SCANNED',
    `\`${names.source}\` touched ${protocol} ${port} of ${counted(touched.length, 'deployment')}, which get no rule for it, since no container or Service of theirs declares it and nobody was seen to use it: ${enumerated(touched.map(flow => flow.names.destination))}`,
    HINT,
  );
}

/**
 * Without what looks like a scan: five or more undeclared ports of one server, or one such port of ten or more deployments, that one
 * client touched and nobody was seen to use. Ports that a container or Service declares, that were used, or that lie within a
 * deployment or a job stay evidence. Told in the order of messages, with counts.
 */
export function withoutScans(
  facts: Facts,
  flows: readonly ObservedFlow[],
): { readonly flows: readonly ObservedFlow[]; readonly problems: readonly Problem[] } {
  const touches = touchesIn(facts, flows);
  const ofServers = manyBy(
    touches,
    ({ client, server, flow }) => `${client} ${server} ${flow.protocol}`,
    MANY_PORTS,
  );
  const ofPorts = manyBy(
    touches.filter(({ flow }) => flow.destination.kind === 'pod'),
    ({ client, flow }) => `${client} ${flow.protocol} ${flow.port}`,
    MANY_SERVERS,
  );
  const scanned = new Set([...ofServers, ...ofPorts].flat());
  if (scanned.size === 0) return { flows, problems: [] };
  const problems = [...ofServers.map(same => ofServer(same, flows)), ...ofPorts.map(ofPort)];
  return {
    flows: flows.filter(flow => !scanned.has(flow)),
    problems: problems.toSorted((one, other) => (one.message < other.message ? -1 : 1)),
  };
}
