import { FlowProtocol, type Observation } from '../observation.js';
import type { Fault } from './record.js';

export type NumberFault = Fault & { readonly path: string };

type Numbers = Pick<
  Observation,
  | 'firstSeen'
  | 'lastSeen'
  | 'port'
  | 'servicePort'
  | 'sourcePort'
  | 'protocol'
  | 'events'
  | 'connections'
  | 'bytes'
>;

/** Whether a count can be one: whole, exact and not negative. Sums of them stop at the greatest that a column holds. */
export const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;

/** 0 stands for a port that was left out. */
const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;

/** Readers write NaN for what is told and is no port, count or time. */
const badPort = (path: string): NumberFault => ({
  code: 'BAD_PORT',
  path,
  message: `\`${path}\` is not a whole number from 1 to 65535`,
  hint: 'leave the field out where the source dropped the port',
});

export const badCount = (path: string): NumberFault => ({
  code: 'BAD_COUNT',
  path,
  message: `\`${path}\` is not a whole number from 0 to 2^53 - 1`,
  hint: 'leave the field out where the source does not count',
});

const BAD_TIME: NumberFault = {
  code: 'BAD_TIME',
  path: 'time',
  message: 'the time is none between 2000 and 2100, or ends before it begins',
  hint: 'check the clock and the unit of the source',
};

const BAD_PROTOCOL: NumberFault = {
  code: 'BAD_PROTOCOL',
  path: 'protocol',
  message: "the protocol is missing, or is neither a name nor one of IANA's numbers from 0 to 255",
  hint: 'write TCP, UDP, SCTP, ICMP, ICMPV6, or the number in the IP header',
};

const PORTS = ['port', 'servicePort', 'sourcePort'] as const;
const COUNTS = ['events', 'connections', 'bytes'] as const;

/** The first number of a record that no column or law can hold; null: none. */
export function faultOfNumbers(numbers: Numbers): NumberFault | null {
  const { firstSeen, lastSeen } = numbers;
  if (!(Number.isSafeInteger(firstSeen) && Number.isSafeInteger(lastSeen) && firstSeen <= lastSeen))
    return BAD_TIME;
  if (!Object.hasOwn(FlowProtocol, numbers.protocol)) return BAD_PROTOCOL;
  for (const field of PORTS) {
    const port = numbers[field];
    if (port !== null && !isPort(port)) return badPort(field);
  }
  for (const field of COUNTS) {
    const count = numbers[field];
    if (count !== null && !isCount(count)) return badCount(field);
  }
  return null;
}
