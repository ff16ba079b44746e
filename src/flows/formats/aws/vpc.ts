import { ObservedVerdict } from '../../flow.js';
import { type CountingEnd, FlowDirection, Reporter, SkipReason } from '../../observation.js';
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
import { cellsOf } from '../csv-dialect.js';
import { type Candidate, isPortless } from '../direction.js';
import { type JsonObject, plainTextOf, type RawRecord } from '../record.js';
import { addressPeer, offer, pass, refuse, type SourceStream, sourceFormat } from '../source.js';
import { TRUST } from '../trust.js';

/** Version 2, the default: what a line is without a header that says otherwise. */
const DEFAULT_FIELDS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

/** The fields of lines, in the order of the latest header line; a table that was exported has commas between them. */
type Header = { fields: readonly string[]; isTold: boolean; isTable: boolean };

type Fields = ReadonlyMap<string, string>;

/** Tables that are made of the lines name fields with `_`, since `-` is no letter there. */
const fieldName = (name: string): string => name.replace(/[${}]/g, '').replaceAll('_', '-');

/** `-` stands for what is not known. */
const fieldsOf = (header: Header, words: readonly string[]): Fields =>
  new Map(
    header.fields.flatMap((field, place) => {
      const word = words[place];
      return word === undefined || word === '' || word === '-' ? [] : [[field, word] as const];
    }),
  );

/** A line that was made an object, as Firehose and Athena do. */
const fieldsOfObject = (value: JsonObject): Fields =>
  new Map(
    Object.entries(value).flatMap(([name, told]) =>
      told === null || told === '' || told === '-'
        ? []
        : [[fieldName(name), String(told)] as const],
    ),
  );

const wordsOf = (text: string, isTable: boolean): readonly string[] =>
  isTable ? (cellsOf(text, ',') ?? []) : text.trim().split(/\s+/);

const TIME = /^\d{4}-\d\d-\d\dT/;

/** The words of a line after what `aws logs tail` puts before it: a time, and the stream. */
const linesWords = ({ fields, isTable }: Header, text: string): readonly string[] => {
  const words = wordsOf(text, isTable);
  const before = words.length - fields.length;
  return TIME.test(text) && (before === 1 || before === 2) ? words.slice(before) : words;
};

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

/** The end whose interface it is. */
const ENDS: Readonly<Record<FlowDirection, CountingEnd | null>> = {
  [FlowDirection.INGRESS]: Reporter.DESTINATION,
  [FlowDirection.EGRESS]: Reporter.SOURCE,
  [FlowDirection.UNKNOWN]: null,
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
  const direction = directionOf(fields);
  const end = ENDS[direction];
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
    direction,
    // The interfaces of both ends may be logged; where nothing tells which one it is, the stream tells what both report.
    countedBy: end,
    sharedKey:
      end !== null
        ? null
        : `${sourceIp} ${sourcePort} ${destinationIp} ${port} ${protocol} ${fields.get('action')}`,
    sharedBy: fields.get('interface-id') ?? '',
  };
};

const HEADER = /(?:^|[\s,"{])(?:pkt[-_])?srcaddr(?:[\s,"}]|$)/;

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

const isObject = (value: JsonObject | null): value is JsonObject =>
  value?.['srcaddr'] !== undefined && value['dstaddr'] !== undefined;

const takeText = (stream: SourceStream, header: Header, text: string, line: number): void => {
  if (HEADER.test(text)) {
    header.isTable = text.includes(',');
    header.fields = wordsOf(text, header.isTable).map(fieldName);
    header.isTold = true;
    return;
  }
  const words = linesWords(header, text);
  if (isReadable(header, words)) takeLine(stream, fieldsOf(header, words), line);
  else
    refuse(stream, line, {
      code: 'UNKNOWN_FIELDS',
      message: `line has ${words.length} fields, ${header.isTold ? 'its header' : 'the default format'} has ${header.fields.length}`,
      hint: 'put the format of the flow log before its lines, such as `version srcaddr dstaddr srcport dstport protocol start end action`',
    });
};

const NOT_VPC = {
  code: 'NOT_AWS_VPC',
  message: 'record is JSON without `srcaddr` and `dstaddr`, not a line of a VPC flow log',
  hint: 'send the lines as they are in S3 or CloudWatch, with their header line',
};

const read = (stream: SourceStream, record: RawRecord, header: Header): void => {
  const { value, line } = record;
  const text = plainTextOf(record);
  if (text !== null) takeText(stream, header, text, line);
  else if (isObject(value)) takeLine(stream, fieldsOfObject(value), line);
  else refuse(stream, line, record.fault ?? NOT_VPC);
};

export const awsVpc = sourceFormat<Header>({
  name: 'aws-vpc',
  aliases: ['vpc-flow-logs', 'aws-vpc-flow-logs'],
  about: 'AWS VPC flow logs with their header line, or in the default format',
  trust: TRUST['aws-vpc'],
  claims: record => {
    const text = plainTextOf(record);
    if (text === null) return isObject(record.value);
    return (
      HEADER.test(text) || /^(?:\d{4}-\d\d-\d\dT\S+ (?:\S+ )?)?\d+ .*\beni-[0-9a-f]+\b/.test(text)
    );
  },
  remember: () => ({ fields: DEFAULT_FIELDS, isTold: false, isTable: false }),
  read,
});
