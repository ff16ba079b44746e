import { type ObservedPolicy, ObservedVerdict } from '../../flow.js';
import { FlowDirection, Reporter } from '../../observation.js';
import {
  addressOf,
  anyTimeOf,
  countingEnd,
  jsonOf,
  passNoFlow,
  portOf,
  protocolOf,
  refusePeer,
  refuseTime,
  UNTOLD,
} from '../candidate.js';
import { namedIn } from '../coerce.js';
import { type Candidate, isPortless } from '../direction.js';
import type { JsonObject, RawRecord } from '../record.js';
import { REPORTED_FORWARD } from '../reply.js';
import { offer, refuse, type SourceStream, sourceFormat } from '../source.js';
import { TRUST } from '../trust.js';
import {
  type CalicoFlow,
  type CalicoForm,
  calicoFlowOf,
  countField,
  fieldOf,
  nameField,
} from './calico-flow.js';
import { calicoPeer } from './calico-peer.js';
import { calicoPolicies } from './calico-policies.js';

const VERDICTS: Readonly<Record<string, ObservedVerdict>> = {
  1: ObservedVerdict.ALLOWED,
  2: ObservedVerdict.DENIED,
  allow: ObservedVerdict.ALLOWED,
  deny: ObservedVerdict.DENIED,
};

/** `Pass` is a step between tiers, and no verdict. */
const verdictOf = ({ key }: CalicoFlow): ObservedVerdict | null =>
  namedIn(VERDICTS, String(key['action']).toLowerCase()) ?? null;

const decidedAt = ({ direction }: Report): ObservedPolicy['direction'] =>
  direction === FlowDirection.UNKNOWN ? null : direction;

type Report = Pick<Candidate, 'direction' | 'reporter'>;

const REPORTS: Readonly<Record<string, Report>> = {
  1: { direction: FlowDirection.EGRESS, reporter: Reporter.SOURCE },
  2: { direction: FlowDirection.INGRESS, reporter: Reporter.DESTINATION },
  src: { direction: FlowDirection.EGRESS, reporter: Reporter.SOURCE },
  dst: { direction: FlowDirection.INGRESS, reporter: Reporter.DESTINATION },
};

const FORWARDED: Report = { direction: FlowDirection.UNKNOWN, reporter: Reporter.NODE };

const reportOf = ({ key }: CalicoFlow): Report =>
  namedIn(REPORTS, String(key['reporter']).toLowerCase()) ?? FORWARDED;

const STARTED: Readonly<Record<CalicoForm, string | null>> = {
  goldmane: 'num_connections_started',
  whisker: null,
  enterprise: 'num_flows_started',
};

const connectionsOf = ({ form, counts }: CalicoFlow): number | null => {
  const field = STARTED[form];
  // Protobuf's JSON leaves a zero out.
  return field === null ? null : (countField(counts, field) ?? 0);
};

const bytesOf = ({ counts }: CalicoFlow): number | null => {
  const [received, sent] = [countField(counts, 'bytes_in'), countField(counts, 'bytes_out')];
  return received === null && sent === null ? null : (received ?? 0) + (sent ?? 0);
};

/** Enterprise tells a port's name there, and its number beside it. */
const servicePortOf = (key: JsonObject): number | null => {
  const number = fieldOf(key, 'dest_service_port_num');
  if (number !== undefined) return portOf(number);
  const port = fieldOf(key, 'dest_service_port');
  return typeof port === 'string' && !/^-?\d/.test(port) ? null : portOf(port);
};

const endsOf = (stream: SourceStream, flow: CalicoFlow, line: number) => {
  const source = calicoPeer(stream, flow, 'source');
  if (source === null) return refusePeer(stream, line, 'source_name');
  const destination = calicoPeer(stream, flow, 'dest');
  if (destination === null) return refusePeer(stream, line, 'dest_name');
  return { source, destination };
};

const candidateOf = (
  stream: SourceStream,
  flow: CalicoFlow,
  verdict: ObservedVerdict,
  line: number,
): Candidate | null => {
  const { key, counts } = flow;
  const firstSeen = anyTimeOf(stream, fieldOf(counts, 'start_time'));
  const lastSeen = anyTimeOf(stream, fieldOf(counts, 'end_time')) ?? firstSeen;
  if (firstSeen === null || lastSeen === null) return refuseTime(stream, line, 'start_time');
  const ends = endsOf(stream, flow, line);
  if (ends === null) return null;
  // Whisker alone writes the word in full.
  const protocol = protocolOf(nameField(key, 'proto') ?? nameField(key, 'protocol'));
  const portless = isPortless(protocol);
  const report = reportOf(flow);
  const connections = connectionsOf(flow);
  return {
    ...UNTOLD,
    ...ends,
    ...report,
    line,
    firstSeen,
    lastSeen: Math.max(firstSeen, lastSeen),
    sourceIp: addressOf(key['source_ip']),
    destinationIp: addressOf(key['dest_ip']),
    sourcePort: portless ? null : portOf(key['source_port']),
    port: portless ? null : portOf(fieldOf(key, 'dest_port')),
    servicePort: servicePortOf(key),
    protocol,
    verdict,
    events: Math.max(1, connections ?? 1),
    connections,
    bytes: bytesOf(flow),
    told: REPORTED_FORWARD,
    policies: calicoPolicies(flow, decidedAt(report)),
    countedBy: countingEnd(report.reporter),
  };
};

const read = (stream: SourceStream, record: RawRecord): void => {
  const value = jsonOf(stream, record);
  if (value === null) return;
  const flow = calicoFlowOf(value);
  if (flow === null) {
    refuse(stream, record.line, {
      code: 'NOT_CALICO',
      message: 'record is none of the forms in which Calico writes flows',
      hint: "send Goldmane's or Whisker's flows, or `flows.log` of Calico Enterprise",
    });
    return;
  }
  const verdict = verdictOf(flow);
  if (verdict === null) {
    passNoFlow(stream);
    return;
  }
  const candidate = candidateOf(stream, flow, verdict, record.line);
  if (candidate !== null) offer(stream, candidate);
};

export const calico = sourceFormat({
  name: 'calico',
  aliases: ['goldmane', 'whisker', 'calico-enterprise'],
  about: "Calico's flows: Goldmane (API and emitter), Whisker, Enterprise logs",
  trust: TRUST.calico,
  claims: ({ value }) => value !== null && calicoFlowOf(value) !== null,
  remember: () => null,
  read,
});
