import { SkipReason } from '../observation.js';
import {
  addressOf,
  anyTimeOf,
  portOf,
  protocolOf,
  refusePeer,
  UNTOLD,
  wrappedTime,
} from './candidate.js';
import { toldCount } from './coerce.js';
import { type Candidate, isPortless } from './direction.js';
import { plainTextOf, type RawRecord } from './record.js';
import { TRACKED_FORWARD } from './reply.js';
import { addressPeer, offer, pass, refuse, type SourceStream, sourceFormat } from './source.js';
import { TRUST } from './trust.js';

type Tuple = Readonly<Record<string, string>>;

const PAIR = /\b(src|dst|sport|dport|type|bytes)=(\S+)/g;

/** The first tuple is the way of the client, the second that of the answer, after translation. */
const tuplesOf = (text: string): { readonly original: Tuple; readonly answer: Tuple } => {
  const original: Record<string, string> = {};
  const answer: Record<string, string> = {};
  for (const [, key = '', value = ''] of text.matchAll(PAIR))
    if (original[key] === undefined) original[key] = value;
    else answer[key] ??= value;
  return { original, answer };
};

const PROTOCOL = /\b(tcp|udp|sctp|icmp|icmpv6)\b/;

/** Of `conntrack -E`: what follows the start of a connection. */
const LATER = /\[(?:UPDATE|DESTROY)\]/;
const STAMP = /^\s*\[(\d+\.\d+)\s*\]/;

const bytesOf = (original: Tuple, answer: Tuple): number | null => {
  const [there, back] = [toldCount(original['bytes']), toldCount(answer['bytes'])];
  return there === null && back === null ? null : (there ?? 0) + (back ?? 0);
};

/** Where the answer comes from is the pod; where the question went to may be a Service. */
const candidateOf = (stream: SourceStream, record: RawRecord, text: string): Candidate | null => {
  const { original, answer } = tuplesOf(text);
  const sourceIp = addressOf(original['src']);
  const destinationIp = addressOf(answer['src'] ?? original['dst']);
  if (sourceIp === null) return refusePeer(stream, record.line, 'src');
  if (destinationIp === null) return refusePeer(stream, record.line, 'dst');
  const protocol = protocolOf(PROTOCOL.exec(text)?.[1]);
  const portless = isPortless(protocol);
  const time = anyTimeOf(stream, STAMP.exec(text)?.[1]) ?? wrappedTime(stream, record);
  const port = portless ? null : portOf(answer['sport'] ?? original['dport']);
  const asked = portless ? null : portOf(original['dport']);
  const isTranslated = destinationIp !== addressOf(original['dst']) || asked !== port;
  return {
    ...UNTOLD,
    line: record.line,
    firstSeen: time,
    lastSeen: time,
    source: addressPeer(stream, sourceIp),
    destination: addressPeer(stream, destinationIp),
    sourceIp,
    destinationIp,
    sourcePort: portless ? null : portOf(original['sport']),
    port,
    servicePort: isTranslated ? asked : null,
    protocol,
    connections: 1,
    bytes: bytesOf(original, answer),
    told: TRACKED_FORWARD,
  };
};

const read = (stream: SourceStream, record: RawRecord): void => {
  const text = plainTextOf(record);
  if (text === null || !text.includes('src=')) {
    refuse(stream, record.line, {
      code: 'NOT_CONNTRACK',
      message: 'line has no `src=` and `dst=`',
      hint: 'write the file with `conntrack -L`, or `conntrack -E -o timestamp`',
    });
    return;
  }
  if (LATER.test(text)) {
    pass(stream, SkipReason.NOT_A_START);
    return;
  }
  const candidate = candidateOf(stream, record, text);
  if (candidate !== null) offer(stream, candidate);
};

export const conntrack = sourceFormat({
  name: 'conntrack',
  aliases: ['nf_conntrack'],
  about: "Linux's connection tracking: `conntrack -L` or `-E`",
  trust: TRUST.conntrack,
  claims: record => /\bsrc=\S+ dst=\S+/.test(plainTextOf(record) ?? ''),
  remember: () => null,
  read,
});
