import { ObservedVerdict } from '../../flow.js';
import { FlowDirection, Reporter, SkipReason } from '../../observation.js';
import {
  addressOf,
  anyTimeOf,
  portOf,
  protocolOf,
  refusePeer,
  UNTOLD,
  wrappedTime,
} from '../candidate.js';
import { namedIn } from '../coerce.js';
import { type Candidate, isPortless } from '../direction.js';
import { type JsonObject, plainTextOf, type RawRecord } from '../record.js';
import { TRACKED_FORWARD } from '../reply.js';
import { addressPeer, offer, pass, refuse, type SourceStream, sourceFormat } from '../source.js';
import { TRUST } from '../trust.js';

const FIELDS = [
  'Src IP',
  'Src Port',
  'Dest IP',
  'Dest Port',
  'Proto',
  'Verdict',
  'Direction',
] as const;

type Field = (typeof FIELDS)[number];

type Line = Readonly<Partial<Record<Field, string>>> & { readonly time: unknown };

/** As the agent sends them to CloudWatch. */
const SENT: Readonly<Record<Field, string>> = {
  'Src IP': 'SIP',
  'Src Port': 'SPORT',
  'Dest IP': 'DIP',
  'Dest Port': 'DPORT',
  Proto: 'PROTOCOL',
  Verdict: 'PolicyVerdict',
  Direction: 'Direction',
};

/** For IPv4 the agent leaves out the colon after some names, and writes `Direction egress, Tier …`. */
const valueIn = (text: string, field: string): string | undefined =>
  new RegExp(`\\b${field}:?\\s+([^\\s;,]+)`).exec(text)?.[1];

const FLOW = 'Flow Info';
const isSent = (text: string): boolean => text.includes('PolicyVerdict:') && text.includes('SIP:');
const isFlow = (text: string): boolean => text.includes(FLOW) || isSent(text);

const lineOfText = (text: string, time: unknown): Line => {
  const sent = isSent(text);
  const told = FIELDS.map(field => [field, valueIn(text, sent ? SENT[field] : field)]);
  return { ...Object.fromEntries(told), time };
};

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/;

/** With a field for each; the agent's first releases wrote it after a text, `Flow Info: {"Src IP": …}`. */
const hasFields = (value: JsonObject | null): value is JsonObject =>
  value?.['Src IP'] !== undefined && value['Dest IP'] !== undefined;

const lineOfFields = (value: JsonObject, time: unknown): Line => {
  const told = FIELDS.filter(field => value[field] !== undefined);
  return { ...Object.fromEntries(told.map(field => [field, String(value[field])])), time };
};

/** Text, JSON with the text as its message, or JSON with a field for each. Null: a line of the agent that tells no flow. */
const lineOf = (record: RawRecord): Line | null => {
  const text = plainTextOf(record);
  if (text !== null) return isFlow(text) ? lineOfText(text, TIME.exec(text)?.[0]) : null;
  const { value } = record;
  const time = value?.['ts'] ?? value?.['timestamp'] ?? value?.['time'];
  if (hasFields(value)) return lineOfFields(value, time);
  const message = String(value?.['msg'] ?? '');
  return isFlow(message) ? lineOfText(message, time) : null;
};

const REPORTS: Readonly<Record<string, Pick<Candidate, 'direction' | 'reporter'>>> = {
  ingress: { direction: FlowDirection.INGRESS, reporter: Reporter.DESTINATION },
  egress: { direction: FlowDirection.EGRESS, reporter: Reporter.SOURCE },
};

const VERDICTS: Readonly<Record<string, ObservedVerdict>> = {
  ACCEPT: ObservedVerdict.ALLOWED,
  DENY: ObservedVerdict.DENIED,
};

const candidateOf = (
  stream: SourceStream,
  line: Line,
  verdict: ObservedVerdict,
  record: RawRecord,
): Candidate | null => {
  const sourceIp = addressOf(line['Src IP']);
  const destinationIp = addressOf(line['Dest IP']);
  if (sourceIp === null) return refusePeer(stream, record.line, 'Src IP');
  if (destinationIp === null) return refusePeer(stream, record.line, 'Dest IP');
  const time = anyTimeOf(stream, line.time) ?? wrappedTime(stream, record);
  const protocol = protocolOf(line.Proto);
  const portless = isPortless(protocol);
  return {
    ...UNTOLD,
    line: record.line,
    firstSeen: time,
    lastSeen: time,
    source: addressPeer(stream, sourceIp),
    destination: addressPeer(stream, destinationIp),
    sourceIp,
    destinationIp,
    sourcePort: portless ? null : portOf(line['Src Port']),
    port: portless ? null : portOf(line['Dest Port']),
    protocol,
    verdict,
    ...namedIn(REPORTS, line.Direction?.toLowerCase() ?? ''),
    told: verdict === ObservedVerdict.ALLOWED ? TRACKED_FORWARD : null,
  };
};

const read = (stream: SourceStream, record: RawRecord): void => {
  if (record.value === null && plainTextOf(record) === null) {
    refuse(stream, record.line, record.fault);
    return;
  }
  const line = lineOf(record);
  const verdict = namedIn(VERDICTS, line?.Verdict?.toUpperCase() ?? '');
  if (line === null) pass(stream, SkipReason.NOT_A_FLOW);
  // EXPIRED and DELETED tell of the agent's own table.
  else if (verdict === undefined) pass(stream, SkipReason.NOT_A_START);
  else {
    const candidate = candidateOf(stream, line, verdict, record);
    if (candidate !== null) offer(stream, candidate);
  }
};

export const awsCni = sourceFormat({
  name: 'aws-cni',
  aliases: ['aws-network-policy-agent', 'vpc-cni'],
  about:
    'the network policy agent of the AWS VPC CNI: its `Flow Info` lines, and what it sends to CloudWatch',
  trust: TRUST['aws-cni'],
  claims: record => {
    const text = plainTextOf(record) ?? String(record.value?.['msg'] ?? '');
    return (
      isSent(text) ||
      (text.includes(FLOW) && text.includes('Src IP')) ||
      (hasFields(record.value) && record.value['Verdict'] !== undefined)
    );
  },
  remember: () => null,
  read,
});
