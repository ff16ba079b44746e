import { canonicalAddress, dnsNameOf } from '../../netpol/index.js';
import type { ObservedVerdict } from '../flow.js';
import { type ObservedPeer, PeerHint } from '../observation.js';
import { timeOfParts } from '../time.js';
import { anyTimeOf } from './candidate.js';
import { listOf, numberOf, objectOf, textOf } from './coerce.js';
import { answersOf, learnAnswer, namesFor } from './dns-answers.js';
import { keepAnswer, reject } from './format.js';
import { type Addresses, addressesOf } from './hubble-address.js';
import { learnHomeOf } from './hubble-book.js';
import type { HubbleEndpoint, HubbleFlow } from './hubble-flow.js';
import { directionOf, pointOf, shapeOf } from './hubble-packet.js';
import { isNobody, peerOf, type Side, withNames } from './hubble-peer.js';
import { type Draft, nodeOf, type ReportingNode, type Stream } from './hubble-stream.js';
import { faultOfDnsName } from './name-fault.js';
import type { JsonObject } from './record.js';
import type { PacketShape } from './reply.js';

const NO_ENDPOINT: HubbleEndpoint = {};
const endpointOf = (value: HubbleEndpoint | null | undefined): HubbleEndpoint =>
  (objectOf(value) as HubbleEndpoint | null) ?? NO_ENDPOINT;

const endpointsOf = ({ source, destination }: HubbleFlow) => ({
  source: endpointOf(source),
  destination: endpointOf(destination),
});

const isApiPort = (port: number | null): boolean => port === 6443 || port === 443;

const sourceSide = (flow: HubbleFlow, node: ReportingNode, { source }: Addresses): Side => ({
  endpoint: endpointOf(flow.source),
  ip: source,
  names: flow.source_names,
  service: flow.source_service,
  node: node.name,
  isApiPort: false,
});

const destinationSide = (
  flow: HubbleFlow,
  node: ReportingNode,
  { destination }: Addresses,
  port: number | null,
): Side => ({
  endpoint: endpointOf(flow.destination),
  ip: destination,
  names: flow.destination_names,
  service: flow.destination_service,
  node: node.name,
  isApiPort: isApiPort(port),
});

/** Records that an agent has aggregated may have no time of their own. */
const isAggregated = ({ aggregate, IP, source, destination }: HubbleFlow): boolean =>
  aggregate != null ||
  (IP == null && (source?.workloads !== undefined || destination?.workloads !== undefined));

const timeOf = (stream: Stream, flow: HubbleFlow, envelope: JsonObject): number | null => {
  const time = flow.time ?? envelope['time'];
  if (typeof time === 'string' || typeof time === 'number') {
    const found = anyTimeOf(stream, time);
    return Number.isNaN(found) ? null : found;
  }
  const parts = objectOf(time);
  if (parts !== null)
    return timeOfParts(numberOf(parts['seconds']) ?? 0, numberOf(parts['nanos']) ?? 0);
  return time == null && isAggregated(flow) ? stream.receivedAt : null;
};

const rejectTime = (stream: Stream, flow: HubbleFlow, line: number): null => {
  const isAbsent = flow.time == null;
  reject(
    stream.tally,
    line,
    {
      code: 'BAD_TIME',
      message: isAbsent
        ? 'flow has no `time`'
        : `time \`${String(flow.time)}\` is no RFC 3339 time between 2000 and 2100`,
      hint: isAbsent
        ? "add `time` to the exporter's field mask"
        : 'check the clock and the unit of the source',
    },
    'flow.time',
  );
  return null;
};

const isPort = (port: number | null): boolean =>
  port === null || (Number.isInteger(port) && port >= 0 && port <= 65_535);

const rejectPort = (stream: Stream, { port, sourcePort }: PacketShape, line: number): null => {
  const wrong = isPort(port) ? sourcePort : port;
  reject(
    stream.tally,
    line,
    {
      code: 'BAD_PORT',
      message: `port \`${wrong}\` is not between 0 and 65535`,
      hint: 'the record is damaged; send it again as the source wrote it',
    },
    'flow.l4',
  );
  return null;
};

const rejectNobody = (stream: Stream, source: ObservedPeer, line: number): null => {
  const end = isNobody(source) ? 'source' : 'destination';
  reject(
    stream.tally,
    line,
    {
      code: 'NO_PEER',
      message: `flow does not say who its ${end} is`,
      hint: `add \`${end}\` and \`IP\` to the exporter's field mask`,
    },
    `flow.${end}`,
  );
  return null;
};

/** A DNS answer tells the client that it goes to which names the addresses belong. */
const learnDns = (stream: Stream, { l7 }: HubbleFlow, client: ObservedPeer, time: number): void => {
  const dns = l7?.dns;
  const ips = listOf(dns?.ips).flatMap(ip =>
    typeof ip === 'string' ? (canonicalAddress(ip) ?? []) : [],
  );
  const name = textOf(dns?.query);
  // Whatever a client looks up is answered; only what can be a name is kept for its addresses.
  if (ips.length === 0 || name === null || faultOfDnsName(dnsNameOf(name)) !== null) return;
  const ttl = numberOf(dns?.ttl) ?? 0;
  const answer = { name: dnsNameOf(name), ips, ttl };
  learnAnswer(stream.dns, client, time, answer);
  for (const told of answersOf(client, time, answer)) keepAnswer(stream.tally, told);
};

/** What lies outside, or is not known, gets the names that this client was told for its address. */
const isNameable = ({ kind, ip }: ObservedPeer): boolean =>
  ip !== null &&
  (kind === PeerHint.WORLD || kind === PeerHint.EXTERNAL || kind === PeerHint.UNKNOWN);

const nameDestination = (
  stream: Stream,
  source: ObservedPeer,
  destination: ObservedPeer,
  time: number,
): readonly string[] =>
  stream.dns.size > 0 && isNameable(destination)
    ? namesFor(stream.dns, source, destination.ip ?? '', time)
    : destination.dnsNames;

export type Found = {
  readonly flow: HubbleFlow;
  readonly envelope: JsonObject;
  readonly line: number;
  readonly verdict: ObservedVerdict;
};

/** Reads time, ports and both ends; null when one of them is wrong (it is rejected then). */
export const draftOf = (stream: Stream, found: Found): Draft | null => {
  const { flow, line, verdict } = found;
  const time = timeOf(stream, flow, found.envelope);
  if (time === null) return rejectTime(stream, flow, line);
  const shape = shapeOf(flow.l4);
  if (!isPort(shape.port) || !isPort(shape.sourcePort)) return rejectPort(stream, shape, line);
  const addresses = addressesOf(stream, flow, line);
  if (addresses === null) return null;
  const node = nodeOf(stream, flow);
  const point = pointOf(flow);
  if (node.book.home === null) learnHomeOf(node.book, endpointsOf(flow), point);
  const source = peerOf(node.book, sourceSide(flow, node, addresses));
  const reached = peerOf(node.book, destinationSide(flow, node, addresses, shape.port));
  if (isNobody(source) || isNobody(reached)) return rejectNobody(stream, source, line);
  if (flow.l7 != null) learnDns(stream, flow, reached, time);
  const names = nameDestination(stream, source, reached, time);
  const destination =
    names === reached.dnsNames || names.length === 0
      ? reached
      : withNames(node.book, reached, names);
  const direction = directionOf(flow);
  return {
    flow,
    line,
    time,
    verdict,
    shape,
    source,
    destination,
    point,
    direction,
  };
};
