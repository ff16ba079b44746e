import { ObservedVerdict } from '../flow.js';
import {
  type CountingEnd,
  FlowDirection,
  FlowProtocol,
  type ObservedPeer,
  Reporter,
  SkipReason,
} from '../observation.js';
import {
  addressOf,
  jsonOf,
  portOf,
  protocolOf,
  refusePeer,
  refuseTime,
  timeOfNumber,
  UNIT,
  UNTOLD,
} from './candidate.js';
import { listOf, namedIn, numberOf, objectOf, toldCount } from './coerce.js';
import { type Candidate, isPortless, isService } from './direction.js';
import { netobservPeer } from './netobserv-peer.js';
import { columnsOf, flatOf, rowOf } from './netobserv-table.js';
import { type JsonObject, plainTextOf, type RawRecord } from './record.js';
import { type ReplyDecision, TRACKED_FORWARD } from './reply.js';
import { addressPeer, offer, pass, refuse, type SourceStream, sourceFormat } from './source.js';
import { TRUST } from './trust.js';

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

/**
 * A connection to a Service is seen where it leaves its client, before translation, and where it reaches a pod: to the
 * Service's address it is the source's own count. What stays on a node is seen where it arrives.
 */
const countedBy = (destination: ObservedPeer, reporter: Reporter): CountingEnd => {
  const leaves = reporter === Reporter.SOURCE || isService(destination);
  return leaves ? Reporter.SOURCE : Reporter.DESTINATION;
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
    : netobservPeer(stream, flow, 'Dst', ip);

const candidateOf = (stream: SourceStream, flow: JsonObject, line: number): Candidate | null => {
  const seen = timesOf(flow);
  if (seen === null) return refuseTime(stream, line, 'TimeFlowEndMs');
  const protocol = protocolOf(flow['Proto']);
  const sourceIp = addressOf(flow['SrcAddr']);
  const reached = reachedOf(flow);
  const source = netobservPeer(stream, flow, 'Src', sourceIp);
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
    countedBy: countedBy(destination, report.reporter),
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

const takeFlow = (stream: SourceStream, flow: JsonObject, line: number): void => {
  noteSampling(stream, flow);
  const reason = skipReasonOf(flow);
  if (reason !== null) pass(stream, reason);
  else {
    const candidate = candidateOf(stream, flow, line);
    if (candidate !== null) offer(stream, candidate);
  }
};

/** The columns of the latest header line, where the records are a table. */
type Table = { columns: readonly string[] | null };

const takeLine = (stream: SourceStream, table: Table, text: string, line: number): boolean => {
  const columns = columnsOf(text);
  if (columns !== null) {
    table.columns = columns;
    return true;
  }
  if (table.columns === null) return false;
  const flow = rowOf(table.columns, text);
  if (flow !== null) takeFlow(stream, flow, line);
  else
    refuse(stream, line, {
      code: 'BAD_CSV',
      message: `line has not the ${table.columns.length} cells of its header`,
      hint: 'export the table again: a line that was cut, or joined with another one, tells no flow',
    });
  return true;
};

const read = (stream: SourceStream, record: RawRecord, table: Table): void => {
  const text = plainTextOf(record);
  if (text !== null && takeLine(stream, table, text, record.line)) return;
  const value = jsonOf(stream, record);
  if (value === null) return;
  const labels = record.wrapping?.labels;
  const flow = flatOf(value);
  takeFlow(stream, labels == null ? flow : { ...labels, ...flow }, record.line);
};

const FIELDS = ['SrcAddr', 'DstAddr', 'TimeFlowEndMs', 'TimeFlowStartMs', 'AgentIP'] as const;

const isFlow = (value: JsonObject): boolean =>
  FIELDS.filter(field => value[field] !== undefined).length >= 2;

export const netobserv = sourceFormat<Table>({
  name: 'netobserv',
  aliases: ['flp', 'flowlogs-pipeline'],
  about:
    "Red Hat NetObserv: flowlogs-pipeline as JSON lines, a list, Loki's answer, or the console's table",
  trust: TRUST.netobserv,
  claims: record =>
    record.value === null
      ? columnsOf(plainTextOf(record) ?? '') !== null
      : isFlow(flatOf(record.value)),
  remember: () => ({ columns: null }),
  read,
});
