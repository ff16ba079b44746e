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

const PAIR = /\b(src|dst|sport|dport|id|bytes)=(\S+)/g;

/** The first tuple is the way of the client, the second that of the answer, after translation. */
const tuplesOf = (text: string): { readonly original: Tuple; readonly answer: Tuple } => {
  const original: Record<string, string> = {};
  const answer: Record<string, string> = {};
  for (const [, key = '', value = ''] of text.matchAll(PAIR))
    if (original[key] === undefined) original[key] = value;
    else answer[key] ??= value;
  return { original, answer };
};

/** `tcp 6`, `unknown 2`: the number is that of the IP header; with `-o extended`, `ipv4 2` comes before it. */
const PROTOCOL = /(?:^|\s)(?!ipv[46]\s)[a-z][a-z0-9-]*\s+(\d{1,3})\s/;

/** What conntrack says at the end of a listing. */
const LISTED = /^conntrack v\S+ \(conntrack-tools\): /;

/** Of `conntrack -E`: news of a running connection. */
const LATER = '[UPDATE]';
/** Where only its end is logged, that is all there is of a connection; it began elsewhere. */
const END = '[DESTROY]';
const isEvent = (text: string): boolean => text.includes('[NEW]') || text.includes(END);
const STAMP = /^\s*\[(\d+\.\d+)\s*\]/;

const bytesOf = (original: Tuple, answer: Tuple): number | null => {
  const [there, back] = [toldCount(original['bytes']), toldCount(answer['bytes'])];
  return there === null && back === null ? null : (there ?? 0) + (back ?? 0);
};

/** As conntrack tells them: the pod's beside the one that was asked for, which may be the Service's. */
type Ports = Pick<Candidate, 'sourcePort' | 'port'> & { readonly asked: number | null };

const NO_PORTS: Ports = { sourcePort: null, port: null, asked: null };

const portsOf = (original: Tuple, answer: Tuple): Ports => ({
  sourcePort: portOf(original['sport']),
  port: portOf(answer['sport'] ?? original['dport']),
  asked: portOf(original['dport']),
});

/**
 * A node has an entry in each of its zones, other nodes have their own, and the next listing has it again: at one time
 * they are one connection.
 */
const recordIdOf = (text: string, original: Tuple, ends: readonly unknown[]): string =>
  [...ends, original['sport'] ?? original['id'], isEvent(text) ? text : 'LISTED'].join(' ');

/** Where the answer comes from is the pod; where the question went to may be a Service. */
const candidateOf = (stream: SourceStream, record: RawRecord, text: string): Candidate | null => {
  const { original, answer } = tuplesOf(text);
  const sourceIp = addressOf(original['src']);
  const destinationIp = addressOf(answer['src'] ?? original['dst']);
  if (sourceIp === null) return refusePeer(stream, record.line, 'src');
  if (destinationIp === null) return refusePeer(stream, record.line, 'dst');
  const protocol = protocolOf(PROTOCOL.exec(text)?.[1]);
  const time = anyTimeOf(stream, STAMP.exec(text)?.[1]) ?? wrappedTime(stream, record);
  const { sourcePort, port, asked } = isPortless(protocol) ? NO_PORTS : portsOf(original, answer);
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
    sourcePort,
    port,
    servicePort: isTranslated ? asked : null,
    protocol,
    connections: text.includes(END) ? null : 1,
    bytes: bytesOf(original, answer),
    told: TRACKED_FORWARD,
    recordId: recordIdOf(text, original, [sourceIp, destinationIp, port, protocol]),
  };
};

const read = (stream: SourceStream, record: RawRecord): void => {
  const text = plainTextOf(record);
  if (text !== null && LISTED.test(text)) {
    pass(stream, SkipReason.NOT_A_FLOW);
    return;
  }
  if (text === null || !text.includes('src=')) {
    refuse(stream, record.line, {
      code: 'NOT_CONNTRACK',
      message: 'line has no `src=` and `dst=`',
      hint: 'write the file with `conntrack -L`, or `conntrack -E -o timestamp`',
    });
    return;
  }
  if (text.includes(LATER)) {
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
