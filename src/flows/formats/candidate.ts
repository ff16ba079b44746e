import { canonicalAddress } from '../../netpol/index.js';
import { ObservedVerdict } from '../flow.js';
import {
  type CountingEnd,
  FlowDirection,
  FlowProtocol,
  Reporter,
  SkipReason,
} from '../observation.js';
import { timeOfParts } from '../time.js';
import { numberOf } from './coerce.js';
import type { Candidate } from './direction.js';
import type { JsonObject, RawRecord } from './record.js';
import { pass, refuse, type SourceStream } from './source.js';

/** The end that a record's counts are of; null: both, or it is not told which. */
export const countingEnd = (reporter: Reporter | undefined): CountingEnd | null =>
  reporter === Reporter.SOURCE || reporter === Reporter.DESTINATION ? reporter : null;

/** What most sources do not tell. */
export const UNTOLD = {
  sourceIp: null,
  destinationIp: null,
  sourcePort: null,
  port: null,
  servicePort: null,
  syn: false,
  ack: false,
  icmpType: null,
  verdict: ObservedVerdict.UNKNOWN,
  events: 1,
  connections: null,
  bytes: null,
  direction: FlowDirection.UNKNOWN,
  reporter: Reporter.UNKNOWN,
  told: null,
  policies: null,
  recordId: null,
  countedBy: null,
  sharedKey: null,
  sharedBy: '',
} as const satisfies Partial<Candidate>;

const PROTOCOLS: Readonly<Record<string, FlowProtocol>> = {
  1: FlowProtocol.ICMP,
  6: FlowProtocol.TCP,
  17: FlowProtocol.UDP,
  58: FlowProtocol.ICMPV6,
  132: FlowProtocol.SCTP,
  tcp: FlowProtocol.TCP,
  udp: FlowProtocol.UDP,
  sctp: FlowProtocol.SCTP,
  icmp: FlowProtocol.ICMP,
  icmpv6: FlowProtocol.ICMPV6,
  icmp6: FlowProtocol.ICMPV6,
  'ipv6-icmp': FlowProtocol.ICMPV6,
};

/** A number of the IP header, or a name: `gre`, `ipv6-icmp`. */
const isProtocol = (text: string): boolean =>
  /^\d{1,3}$/.test(text) ? Number(text) <= 255 : /^[a-z][a-z0-9+_./-]{0,30}$/.test(text);

/** What is no protocol, or is not told: the record is refused for it, since without one its ports say nothing. */
const NO_PROTOCOL = '' as FlowProtocol;

/** By IANA's number or by name, in any case of letters. */
export const protocolOf = (value: unknown): FlowProtocol => {
  if (value === undefined || value === null) return NO_PROTOCOL;
  const text = String(value).toLowerCase();
  const known = Object.hasOwn(PROTOCOLS, text) ? PROTOCOLS[text] : undefined;
  return known ?? (isProtocol(text) ? FlowProtocol.OTHER : NO_PROTOCOL);
};

const ABSENT: ReadonlySet<unknown> = new Set([undefined, null, '', 0, '0', '-']);

/** A port; null where it was left out (zero), NaN for what is none: the record is refused for it. */
export const portOf = (value: unknown): number | null => {
  if (ABSENT.has(value)) return null;
  const port = numberOf(value);
  return port !== null && Number.isInteger(port) && port > 0 && port <= 65_535 ? port : Number.NaN;
};

/** In its shortest form; null for what is no address and for `0.0.0.0` where that stands for none. */
export const addressOf = (value: unknown): string | null =>
  typeof value === 'string' ? canonicalAddress(value) : null;

/** An address and a port, as `10.0.0.1:80` or `[fd00::1]:80`. */
export const socketOf = (
  text: unknown,
): { readonly ip: string; readonly port: number | null } | null => {
  if (typeof text !== 'string') return null;
  const colon = text.lastIndexOf(':');
  const ip = addressOf(text.slice(0, colon).replace(/^\[|\]$/g, ''));
  return ip === null ? null : { ip, port: portOf(text.slice(colon + 1)) };
};

/** Units of a second. */
export const UNIT = { SECOND: 1, MILLI: 1e3, MICRO: 1e6, NANO: 1e9 } as const;

const LAST_NANO = 999_999_999;

const inUnit = (number: number, unit: number): number | null => {
  const seconds = Math.floor(number / unit);
  return timeOfParts(
    seconds,
    Math.min(LAST_NANO, Math.round(((number - seconds * unit) * 1e9) / unit)),
  );
};

/**
 * Microseconds of a number of seconds or smaller units, text or not; null where it is absent or zero, NaN for what
 * is no time between 2000 and 2100: the record is refused for it.
 */
export const timeOfNumber = (value: unknown, unit: number): number | null => {
  if (ABSENT.has(value)) return null;
  return inUnit(numberOf(value) ?? Number.NaN, unit) ?? Number.NaN;
};

const UNITS = [UNIT.SECOND, UNIT.MILLI, UNIT.MICRO, UNIT.NANO];

/**
 * RFC 3339, or a number since 1970: only one unit puts it between 2000 and 2100. Null where it is absent or zero, NaN
 * for what is no such time: the record is refused for it.
 */
export const anyTimeOf = (
  stream: Pick<SourceStream, 'parseTime'>,
  value: unknown,
): number | null => {
  if (ABSENT.has(value)) return null;
  if (typeof value === 'string' && !/^\d+(?:\.\d+)?$/.test(value))
    return stream.parseTime(value) ?? Number.NaN;
  const number = numberOf(value) ?? Number.NaN;
  for (const unit of UNITS) {
    const micros = inUnit(number, unit);
    if (micros !== null) return micros;
  }
  return Number.NaN;
};

/** Of the log line that held the record; of the upload where nothing tells. */
export const wrappedTime = (stream: SourceStream, { wrapping }: RawRecord): number =>
  anyTimeOf(stream, wrapping?.time) || stream.receivedAt;

export const refuseTime = (stream: SourceStream, line: number, field: string): null =>
  refuse(
    stream,
    line,
    {
      code: 'BAD_TIME',
      message: `\`${field}\` is no time between 2000 and 2100`,
      hint: 'check the clock and the unit of the source',
    },
    field,
  );

export const refusePeer = (stream: SourceStream, line: number, field: string): null =>
  refuse(
    stream,
    line,
    {
      code: 'NO_PEER',
      message: `record does not say who its ${field} is`,
      hint: 'export the addresses or the names of both ends',
    },
    field,
  );

/** A JSON record's value; null where there is none (the record is refused then). */
export const jsonOf = (stream: SourceStream, record: RawRecord): JsonObject | null =>
  record.value ?? refuse(stream, record.line, record.fault as NonNullable<typeof record.fault>);

export const passNoFlow = (stream: SourceStream): null => pass(stream, SkipReason.NOT_A_FLOW);
