import { ObservedVerdict } from '../../flow.js';
import { FlowDirection, SkipReason } from '../../observation.js';
import {
  addressOf,
  portOf,
  protocolOf,
  refusePeer,
  refuseTime,
  timeOfNumber,
  UNIT,
  UNTOLD,
} from '../candidate.js';
import { numberOf, toldCount } from '../coerce.js';
import { type Candidate, isPortless } from '../direction.js';
import { plainTextOf, type RawRecord } from '../record.js';
import { addressPeer, offer, pass, refuse, type SourceStream, sourceFormat } from '../source.js';
import { TRUST } from '../trust.js';

/** Version 2, the default: what a line is without a header that says otherwise. */
const DEFAULT_FIELDS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

/** The fields of lines, in the order of the latest header line. */
type Header = { fields: readonly string[]; isTold: boolean };

type Fields = ReadonlyMap<string, string>;

/** `-` stands for what is not known. */
const fieldsOf = (header: Header, words: readonly string[]): Fields =>
  new Map(
    header.fields.flatMap((field, place) => {
      const word = words[place];
      return word === undefined || word === '-' ? [] : [[field, word] as const];
    }),
  );

const SYN = 2;
const ACK = 16;

/** Flags of all packets of a window: the one who asked never sends SYN with ACK. */
const handshakeOf = (fields: Fields): { readonly syn: boolean; readonly ack: boolean } => {
  const flags = numberOf(fields.get('tcp-flags')) ?? 0;
  return { syn: (flags & SYN) !== 0, ack: (flags & ACK) !== 0 };
};

/** Of security groups and network ACLs. */
const verdictOf = (fields: Fields): ObservedVerdict => {
  switch (fields.get('action')) {
    case 'ACCEPT':
      return ObservedVerdict.ALLOWED;
    case 'REJECT':
      return ObservedVerdict.DENIED;
    default:
      return ObservedVerdict.UNKNOWN;
  }
};

const directionOf = (fields: Fields): FlowDirection => {
  const direction = fields.get('flow-direction');
  if (direction === 'ingress') return FlowDirection.INGRESS;
  return direction === 'egress' ? FlowDirection.EGRESS : FlowDirection.UNKNOWN;
};

/** The packet's addresses are the pods'; those of the line may be the interface's own. */
const endOf = (fields: Fields, side: 'src' | 'dst'): string | null =>
  addressOf(fields.get(`pkt-${side}addr`)) ?? addressOf(fields.get(`${side}addr`));

const candidateOf = (stream: SourceStream, fields: Fields, line: number): Candidate | null => {
  const firstSeen = timeOfNumber(fields.get('start'), UNIT.SECOND);
  const lastSeen = timeOfNumber(fields.get('end'), UNIT.SECOND) ?? firstSeen;
  if (firstSeen === null || lastSeen === null) return refuseTime(stream, line, 'start');
  const sourceIp = endOf(fields, 'src');
  const destinationIp = endOf(fields, 'dst');
  if (sourceIp === null) return refusePeer(stream, line, 'srcaddr');
  if (destinationIp === null) return refusePeer(stream, line, 'dstaddr');
  const protocol = protocolOf(fields.get('protocol'));
  const portless = isPortless(protocol);
  const sourcePort = portless ? null : portOf(fields.get('srcport'));
  const port = portless ? null : portOf(fields.get('dstport'));
  return {
    ...UNTOLD,
    ...handshakeOf(fields),
    line,
    firstSeen,
    lastSeen: Math.max(firstSeen, lastSeen),
    source: addressPeer(stream, sourceIp),
    destination: addressPeer(stream, destinationIp),
    sourceIp,
    destinationIp,
    sourcePort,
    port,
    protocol,
    verdict: verdictOf(fields),
    bytes: toldCount(fields.get('bytes')),
    direction: directionOf(fields),
    // The interfaces of both ends may be logged.
    sharedKey: `${sourceIp} ${sourcePort} ${destinationIp} ${port} ${protocol} ${fields.get('action')}`,
    sharedBy: fields.get('interface-id') ?? '',
  };
};

const HEADER = /(?:^|\s)(?:pkt-)?srcaddr(?:\s|$)/;

/** A line of another length than its header has an order that nobody told. */
const isReadable = ({ fields, isTold }: Header, words: readonly string[]): boolean =>
  isTold ? words.length === fields.length : words.length === fields.length && words[0] === '2';

const takeLine = (stream: SourceStream, fields: Fields, line: number): void => {
  const status = fields.get('log-status');
  if (status === 'NODATA') pass(stream, SkipReason.NO_DATA);
  else if (status === 'SKIPDATA') {
    stream.tally.lost += 1;
    pass(stream, SkipReason.LOST_EVENTS);
  } else {
    const candidate = candidateOf(stream, fields, line);
    if (candidate !== null) offer(stream, candidate);
  }
};

const read = (stream: SourceStream, record: RawRecord, header: Header): void => {
  const text = plainTextOf(record);
  if (text === null) {
    refuse(
      stream,
      record.line,
      record.fault ?? {
        code: 'NOT_AWS_VPC',
        message: 'record is JSON, not a line of a VPC flow log',
        hint: 'send the lines as they are in S3 or CloudWatch, with their header line',
      },
    );
    return;
  }
  const words = text.trim().split(/\s+/);
  if (HEADER.test(text)) {
    header.fields = words.map(word => word.replace(/[${}]/g, ''));
    header.isTold = true;
  } else if (isReadable(header, words)) takeLine(stream, fieldsOf(header, words), record.line);
  else
    refuse(stream, record.line, {
      code: 'UNKNOWN_FIELDS',
      message: `line has ${words.length} fields, ${header.isTold ? 'its header' : 'the default format'} has ${header.fields.length}`,
      hint: 'put the format of the flow log before its lines, such as `version srcaddr dstaddr srcport dstport protocol start end action`',
    });
};

export const awsVpc = sourceFormat<Header>({
  name: 'aws-vpc',
  aliases: ['vpc-flow-logs', 'aws-vpc-flow-logs'],
  about: 'AWS VPC flow logs with their header line, or in the default format',
  trust: TRUST['aws-vpc'],
  claims: record => {
    const text = plainTextOf(record) ?? '';
    return HEADER.test(text) || /^\d+ .*\beni-[0-9a-f]+\b/.test(text);
  },
  remember: () => ({ fields: DEFAULT_FIELDS, isTold: false }),
  read,
});
