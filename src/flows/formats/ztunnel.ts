import { dnsNameOf } from '../../netpol/index.js';
import { ObservedVerdict } from '../flow.js';
import {
  FlowDirection,
  FlowProtocol,
  type ObservedPeer,
  PeerHint,
  Reporter,
  SkipReason,
} from '../observation.js';
import { SECOND } from '../time.js';
import { anyTimeOf, refusePeer, refuseTime, socketOf, UNTOLD } from './candidate.js';
import { textOf, toldCount } from './coerce.js';
import type { Candidate } from './direction.js';
import { newPeer } from './peer.js';
import { type JsonObject, plainTextOf, type RawRecord } from './record.js';
import { REPORTED_FORWARD } from './reply.js';
import {
  addressPeer,
  offer,
  pass,
  peerFor,
  refuse,
  type SourceStream,
  sourceFormat,
} from './source.js';
import { TRUST } from './trust.js';

const TUNNEL_PORT = 15_008;

const PAIR = /([a-z_.]+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g;

/** ztunnel's own time stands right before the level, whatever a log put before it. */
const TIME = /(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))\s+[A-Za-z]+\s+access\s/;

/** `key=value` and `key="value"` after the line's own start. */
const fieldsOf = (text: string): JsonObject => {
  const fields: Record<string, string> = {};
  for (const [, key = '', quoted, bare] of text.matchAll(PAIR)) fields[key] = quoted ?? bare ?? '';
  return { ...fields, time: TIME.exec(text)?.[1] };
};

/** The workload's namespace by its identity, which is right where `namespace` is not. */
const namespaceOf = (fields: JsonObject, side: 'src' | 'dst'): string | null => {
  const identity = textOf(fields[`${side}.identity`]);
  return /\/ns\/([^/]+)\//.exec(identity ?? '')?.[1] ?? textOf(fields[`${side}.namespace`]);
};

/** An end outside, such as that of a ServiceEntry, by the host name that was asked for. */
const namedPeer = (stream: SourceStream, ip: string, service: string): ObservedPeer => {
  const dnsName = dnsNameOf(service);
  return peerFor(stream, `${ip} ${dnsName}`, () =>
    newPeer(PeerHint.EXTERNAL, { ip, dnsNames: [dnsName] }),
  );
};

const peerOf = (
  stream: SourceStream,
  fields: JsonObject,
  side: 'src' | 'dst',
  ip: string,
): ObservedPeer => {
  const pod = textOf(fields[`${side}.workload`]);
  const namespace = namespaceOf(fields, side);
  if (pod === null || namespace === null) {
    const service = side === 'dst' ? textOf(fields['dst.service']) : null;
    return service === null ? addressPeer(stream, ip) : namedPeer(stream, ip, service);
  }
  return peerFor(stream, `${namespace}/${pod}`, () =>
    newPeer(PeerHint.POD, { namespace, pod, ip }),
  );
};

/**
 * A policy's rejection names itself at the destination. Its ztunnel answers 401 then, and to nothing else, a waypoint 403:
 * that is what the source is told. `Permission denied (os error 13)` and every other error is the network's, or an end's.
 */
const DENIAL = /policy (?:rejection|change)|rbac|http status: 40[13]\b/i;

const verdictOf = (fields: JsonObject): ObservedVerdict => {
  const error = textOf(fields['error']);
  if (error === null) return ObservedVerdict.ALLOWED;
  return DENIAL.test(error) ? ObservedVerdict.DENIED : ObservedVerdict.ERROR;
};

/** Connections by their ends within so long are the same one: both of its ends log when it closes. */
const SAME = 2 * SECOND;

type Log = {
  /** Times of inbound lines with a port, by client and server; an outbound line without one is one of them. */
  readonly inbound: Map<string, number[]>;
  /** Lines that do not tell the application's port. */
  portless: { readonly candidate: Candidate; readonly key: string }[];
};

const MOST_INBOUND = 50_000;

const learnInbound = ({ inbound }: Log, key: string, time: number): void => {
  if (inbound.size > MOST_INBOUND) inbound.clear();
  const times = inbound.get(key);
  if (times === undefined) inbound.set(key, [time]);
  else if (times.push(time) > 1000) times.shift();
};

type Reached = { readonly port: number | null; readonly isTunnel: boolean };

/**
 * Through the tunnel the address is the pod's and the port the tunnel's. Where the tunnel ends at another
 * address than the one that is wanted, or a name is wanted, it is a waypoint's or a gateway's, and the connection is to that.
 */
const reachedOf = (fields: JsonObject, ip: string, port: number | null): Reached => {
  if (port !== TUNNEL_PORT) return { port, isTunnel: false };
  const wanted = textOf(fields['dst.hbone_addr']);
  if (wanted === null) return { port: null, isTunnel: true };
  const inner = socketOf(wanted);
  return { port: inner?.ip === ip ? inner.port : TUNNEL_PORT, isTunnel: false };
};

const bytesOf = (fields: JsonObject): number | null => {
  const [sent, received] = [toldCount(fields['bytes_sent']), toldCount(fields['bytes_recv'])];
  return sent === null && received === null ? null : (sent ?? 0) + (received ?? 0);
};

type Line = { readonly candidate: Candidate; readonly key: string; readonly isTunnel: boolean };

const timeOf = (stream: SourceStream, fields: JsonObject, { wrapping }: RawRecord) =>
  anyTimeOf(stream, fields['time'] ?? wrapping?.time);

const lineOf = (stream: SourceStream, fields: JsonObject, record: RawRecord): Line | null => {
  const { line } = record;
  const time = timeOf(stream, fields, record);
  if (time === null) return refuseTime(stream, line, 'time');
  const src = socketOf(fields['src.addr']);
  const dst = socketOf(fields['dst.addr']);
  if (src === null) return refusePeer(stream, line, 'src.addr');
  if (dst === null) return refusePeer(stream, line, 'dst.addr');
  const isOutbound = fields['direction'] === 'outbound';
  const { port, isTunnel } = reachedOf(fields, dst.ip, dst.port);
  const key = `${src.ip} ${dst.ip}`;
  const candidate: Candidate = {
    ...UNTOLD,
    line,
    firstSeen: time,
    lastSeen: time,
    source: peerOf(stream, fields, 'src', src.ip),
    destination: peerOf(stream, fields, 'dst', dst.ip),
    sourceIp: src.ip,
    destinationIp: dst.ip,
    sourcePort: src.port,
    port,
    protocol: FlowProtocol.TCP,
    verdict: verdictOf(fields),
    connections: 1,
    bytes: bytesOf(fields),
    direction: isOutbound ? FlowDirection.EGRESS : FlowDirection.INGRESS,
    reporter: isOutbound ? Reporter.SOURCE : Reporter.DESTINATION,
    told: REPORTED_FORWARD,
    countedBy: isOutbound ? Reporter.SOURCE : Reporter.DESTINATION,
  };
  return { candidate, key, isTunnel };
};

/** `failed` where it was refused before ztunnel knew whose it was; `opened`, at debug level, tells no outcome. */
const OUTCOME = /\bconnection (?:complete|failed)\b/;

const read = (stream: SourceStream, record: RawRecord, log: Log): void => {
  const text = plainTextOf(record);
  if (text === null && record.value === null) {
    refuse(stream, record.line, record.fault);
    return;
  }
  const fields = text === null ? (record.value ?? {}) : fieldsOf(text);
  if (fields['src.addr'] === undefined || !OUTCOME.test(text ?? String(fields['message']))) {
    pass(stream, SkipReason.NOT_A_FLOW);
    return;
  }
  const found = lineOf(stream, fields, record);
  if (found === null) return;
  const { candidate, key, isTunnel } = found;
  if (isTunnel) {
    log.portless.push({ candidate, key });
    return;
  }
  if (candidate.countedBy === Reporter.DESTINATION) learnInbound(log, key, candidate.firstSeen);
  offer(stream, candidate);
};

/** An outbound line without its port is left out where the inbound line of its connection is there. */
const flush = (stream: SourceStream, log: Log): void => {
  for (const { candidate, key } of log.portless) {
    const isOutbound = candidate.countedBy === Reporter.SOURCE;
    const times = (isOutbound ? log.inbound.get(key) : undefined) ?? [];
    const isTold = times.some(time => Math.abs(time - candidate.firstSeen) <= SAME);
    if (isTold) pass(stream, SkipReason.REPORTED_TWICE);
    else offer(stream, candidate);
  }
  log.portless = [];
};

export const ztunnel = sourceFormat<Log>({
  name: 'ztunnel',
  aliases: ['istio', 'istio-ambient'],
  about: "Istio ambient: ztunnel's access log, text or JSON",
  trust: TRUST.ztunnel,
  claims: record =>
    record.value?.['src.addr'] !== undefined ||
    /\b(?:access|proxy)\b.*\b(?:src\.addr|dst\.addr)=/.test(plainTextOf(record) ?? ''),
  remember: () => ({ inbound: new Map(), portless: [] }),
  read,
  flush,
});
