import { ObservedVerdict } from '../flow.js';
import {
  FlowDirection,
  FlowProtocol,
  type ObservedPeer,
  PeerHint,
  Reporter,
  SkipReason,
} from '../observation.js';
import {
  addressOf,
  countingEnd,
  jsonOf,
  portOf,
  protocolOf,
  refusePeer,
  refuseTime,
  timeOfNumber,
  UNIT,
  UNTOLD,
} from './candidate.js';
import { listOf, namedIn, numberOf, objectOf, textOf, toldCount } from './coerce.js';
import { type Candidate, isPortless } from './direction.js';
import { newPeer } from './peer.js';
import type { JsonObject, RawRecord } from './record.js';
import { type ReplyDecision, TRACKED_FORWARD } from './reply.js';
import { addressPeer, offer, pass, peerFor, type SourceStream, sourceFormat } from './source.js';
import { TRUST } from './trust.js';

type Side = 'Src' | 'Dst';

const ownerOf = (flow: JsonObject, side: Side): ObservedPeer['workload'] => {
  const kind = textOf(flow[`${side}K8S_OwnerType`]);
  const name = textOf(flow[`${side}K8S_OwnerName`]);
  return kind === null || name === null || kind === 'Service' ? null : { kind, name };
};

/** What Kubernetes knows of an end; null: an address alone. Old agents wrote a pod without its namespace. */
const namedPeer = (flow: JsonObject, side: Side, ip: string | null): ObservedPeer | null => {
  const namespace = textOf(flow[`${side}K8S_Namespace`]);
  const name = textOf(flow[`${side}K8S_Name`]);
  const workload = ownerOf(flow, side);
  switch (textOf(flow[`${side}K8S_Type`])) {
    case 'Node':
      return name === null ? null : newPeer(PeerHint.NODE, { node: name, ip });
    case 'Service':
      if (name === null || namespace === null) return null;
      return newPeer(PeerHint.SERVICE, { namespace, ip, service: { namespace, name } });
    case 'Pod':
      if (name !== null && namespace !== null)
        return newPeer(PeerHint.POD, { namespace, pod: name, workload, ip });
      return null;
    default:
      if (namespace === null || workload === null) return null;
      return newPeer(PeerHint.WORKLOAD, { namespace, workload });
  }
};

const peerOf = (
  stream: SourceStream,
  flow: JsonObject,
  side: Side,
  ip: string | null,
): ObservedPeer | null => {
  const named = namedPeer(flow, side, ip);
  if (named === null) return ip === null ? null : addressPeer(stream, ip);
  const { kind, namespace, pod, node, service, workload } = named;
  const key = [kind, namespace, pod ?? node ?? service?.name, workload?.kind, workload?.name].join(
    '/',
  );
  return peerFor(stream, key, () => named);
};

const FLAG_BITS: Readonly<Record<string, number>> = { SYN: 2, ACK: 16, SYN_ACK: 256 };

/** A bit mask, its text, or names. */
const flagsOf = (value: unknown): number => {
  if (!Array.isArray(value)) return numberOf(value) ?? 0;
  return listOf(value).reduce<number>(
    (mask, name) => mask | (namedIn(FLAG_BITS, String(name)) ?? 0),
    0,
  );
};

/**
 * Flags of a record are those of all its packets. The agent marks a SYN with ACK by a bit of its own, so
 * the plain bit was set by the client.
 */
const handshakeOf = (flow: JsonObject): { readonly syn: boolean; readonly ack: boolean } => {
  const flags = flagsOf(flow['Flags'] ?? flow['TCPFlags']);
  const answered = (flags & 256) !== 0;
  const asked = (flags & 2) !== 0;
  if (answered === asked) return { syn: false, ack: (flags & 16) !== 0 };
  return { syn: true, ack: answered };
};

/** What OVN does by a rule; `pass` leaves it to the rules after, and is no verdict. */
const ACTIONS: Readonly<Record<string, ObservedVerdict>> = {
  allow: ObservedVerdict.ALLOWED,
  'allow-related': ObservedVerdict.ALLOWED,
  'allow-stateless': ObservedVerdict.ALLOWED,
  drop: ObservedVerdict.DENIED,
  reject: ObservedVerdict.DENIED,
};

/** OVN's own verdict; what the kernel dropped is no policy's doing. */
const verdictOf = (flow: JsonObject): ObservedVerdict => {
  const verdicts = listOf(flow['NetworkEvents'])
    .map(objectOf)
    .filter(event => event?.['Feature'] === 'acl')
    .map(event => namedIn(ACTIONS, String(event?.['Action']).toLowerCase()));
  if (verdicts.includes(ObservedVerdict.DENIED)) return ObservedVerdict.DENIED;
  if (verdicts.includes(ObservedVerdict.ALLOWED)) return ObservedVerdict.ALLOWED;
  const dropped = numberOf(flow['PktDropPackets']) ?? 0;
  return dropped > 0 && dropped >= (numberOf(flow['Packets']) ?? 0)
    ? ObservedVerdict.ERROR
    : ObservedVerdict.UNKNOWN;
};

type Seen = Pick<Candidate, 'firstSeen' | 'lastSeen'>;

const timesOf = (flow: JsonObject): Seen | null => {
  const received = timeOfNumber(flow['TimeReceived'], UNIT.SECOND);
  const end = timeOfNumber(flow['TimeFlowEndMs'], UNIT.MILLI) ?? received;
  const start = timeOfNumber(flow['TimeFlowStartMs'], UNIT.MILLI) ?? end;
  return start === null || end === null
    ? null
    : { firstSeen: Math.min(start, end), lastSeen: Math.max(start, end) };
};

/** 0 came in at a node, 1 went out of one, 2 stayed on it. Text where Loki keeps it as a label. */
const directionOf = (flow: JsonObject): Pick<Candidate, 'direction' | 'reporter'> => {
  switch (String(flow['FlowDirection'])) {
    case '0':
      return { direction: FlowDirection.INGRESS, reporter: Reporter.DESTINATION };
    case '1':
      return { direction: FlowDirection.EGRESS, reporter: Reporter.SOURCE };
    case '2':
      return { direction: FlowDirection.UNKNOWN, reporter: Reporter.BOTH };
    default:
      return { direction: FlowDirection.UNKNOWN, reporter: Reporter.UNKNOWN };
  }
};

const CONVERSATIONS: ReadonlySet<unknown> = new Set(['newConnection', 'endConnection']);

/** Conversation tracking starts a conversation with the one who asked. */
const toldBy = (flow: JsonObject): ReplyDecision | null =>
  CONVERSATIONS.has(flow['_RecordType']) ? TRACKED_FORWARD : null;

const samplingOf = (flow: JsonObject): number | null => toldCount(flow['Sampling']);

/** The greatest of a chunk. */
const noteSampling = ({ tally }: SourceStream, flow: JsonObject): void => {
  const factor = samplingOf(flow);
  if (factor !== null && factor > (tally.sampling ?? 0)) tally.sampling = factor;
};

const bytesOf = (flow: JsonObject): number | null => {
  const bytes = toldCount(flow['Bytes']);
  return bytes === null ? null : bytes * Math.max(1, samplingOf(flow) ?? 1);
};

type Reached = {
  readonly ip: string | null;
  readonly port: number | null;
  readonly servicePort: number | null;
};

/** Where the agent tells the translation, the pod's address and port beside the Service's. */
const reachedOf = (flow: JsonObject): Reached => {
  const [ip, port] = [addressOf(flow['DstAddr']), portOf(flow['DstPort'])];
  const translated = addressOf(flow['XlatDstAddr']);
  const translatedPort = portOf(flow['XlatDstPort']);
  if (translated === null || translatedPort === null || translated === '0.0.0.0')
    return { ip, port, servicePort: null };
  return {
    ip: translated,
    port: translatedPort,
    servicePort: port === translatedPort ? null : port,
  };
};

type Ports = Pick<Candidate, 'sourcePort' | 'port' | 'icmpType'>;

const portsOf = (flow: JsonObject, protocol: FlowProtocol, port: number | null): Ports => {
  if (!isPortless(protocol)) return { sourcePort: portOf(flow['SrcPort']), port, icmpType: null };
  const isIcmp = protocol === FlowProtocol.ICMP || protocol === FlowProtocol.ICMPV6;
  return {
    sourcePort: null,
    port: null,
    icmpType: isIcmp ? (numberOf(flow['IcmpType']) ?? 0) : null,
  };
};

/** Whose address it is after translation is not told: the names are the Service's then. */
const destinationOf = (
  stream: SourceStream,
  flow: JsonObject,
  { ip, servicePort }: Reached,
): ObservedPeer | null =>
  servicePort !== null && flow['DstK8S_Type'] === 'Service' && ip !== null
    ? addressPeer(stream, ip)
    : peerOf(stream, flow, 'Dst', ip);

const candidateOf = (stream: SourceStream, flow: JsonObject, line: number): Candidate | null => {
  const seen = timesOf(flow);
  if (seen === null) return refuseTime(stream, line, 'TimeFlowEndMs');
  const protocol = protocolOf(flow['Proto']);
  const sourceIp = addressOf(flow['SrcAddr']);
  const reached = reachedOf(flow);
  const source = peerOf(stream, flow, 'Src', sourceIp);
  const destination = destinationOf(stream, flow, reached);
  if (source === null) return refusePeer(stream, line, 'SrcAddr');
  if (destination === null) return refusePeer(stream, line, 'DstAddr');
  const ports = portsOf(flow, protocol, reached.port);
  const report = directionOf(flow);
  return {
    ...UNTOLD,
    ...seen,
    ...handshakeOf(flow),
    ...report,
    ...ports,
    line,
    source,
    destination,
    sourceIp,
    destinationIp: reached.ip,
    servicePort: reached.servicePort,
    protocol,
    verdict: verdictOf(flow),
    connections: flow['_RecordType'] === 'newConnection' ? 1 : null,
    bytes: bytesOf(flow),
    told: toldBy(flow),
    countedBy: countingEnd(report.reporter),
    // Several interfaces of one node may report it, each the same.
    sharedKey: `${flow['FlowDirection']} ${sourceIp} ${ports.sourcePort} ${reached.ip} ${ports.port} ${protocol}`,
    sharedBy: `${flow['AgentIP']} ${flow['Interface']}`,
  };
};

/** Where only ended conversations are kept, their end is all that there is of them. */
const skipReasonOf = (flow: JsonObject): SkipReason | null => {
  if (flow['Duplicate'] === true) return SkipReason.REPORTED_TWICE;
  return flow['_RecordType'] === 'heartbeat' ? SkipReason.NOT_A_START : null;
};

const read = (stream: SourceStream, record: RawRecord): void => {
  const value = jsonOf(stream, record);
  if (value === null) return;
  const labels = record.wrapping?.labels;
  const flow = labels == null ? value : { ...labels, ...value };
  noteSampling(stream, flow);
  const reason = skipReasonOf(flow);
  if (reason !== null) pass(stream, reason);
  else {
    const candidate = candidateOf(stream, flow, record.line);
    if (candidate !== null) offer(stream, candidate);
  }
};

const FIELDS = ['SrcAddr', 'DstAddr', 'TimeFlowEndMs', 'TimeFlowStartMs', 'AgentIP'] as const;

export const netobserv = sourceFormat({
  name: 'netobserv',
  aliases: ['flp', 'flowlogs-pipeline'],
  about: "Red Hat NetObserv: flowlogs-pipeline as JSON lines, a list, or Loki's answer",
  trust: TRUST.netobserv,
  claims: ({ value }) =>
    value !== null && FIELDS.filter(field => value[field] !== undefined).length >= 2,
  remember: () => null,
  read,
});
