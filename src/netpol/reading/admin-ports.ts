import { type PortMatch, Protocol } from '../policy.js';
import { setMembers } from './admin-peers.js';
import { type Cursor, itemObject, member, note, warn, warnOfUnknown } from './cursor.js';
import { portNameAt, portNumberAt, protocolAt } from './ports.js';

/** An AdminNetworkPolicyPort: `portNumber`, `portRange` or `namedPort`. */
export function adminPortAt(cursor: Cursor): PortMatch | null {
  switch (onlyField(cursor, ['portNumber', 'portRange', 'namedPort'])) {
    case 'portNumber':
      return portNumberMatch(member(cursor, 'portNumber'));
    case 'portRange':
      return portRangeMatch(member(cursor, 'portRange'));
    case 'namedPort':
      return namedPortMatch(member(cursor, 'namedPort'));
    default:
      return null;
  }
}

function portNumberMatch(cursor: Cursor): PortMatch | null {
  if (itemObject(cursor) === null) return null;
  warnOfUnknown(cursor, ['protocol', 'port']);
  const protocol = protocolAt(member(cursor, 'protocol'));
  const port = portNumberAt(member(cursor, 'port'));
  return protocol === null || port === null
    ? null
    : { kind: 'range', protocol, from: port, to: port };
}

function portRangeMatch(cursor: Cursor): PortMatch | null {
  if (itemObject(cursor) === null) return null;
  warnOfUnknown(cursor, ['protocol', 'start', 'end']);
  return rangeMatch(cursor, protocolAt(member(cursor, 'protocol')));
}

function rangeMatch(cursor: Cursor, protocol: Protocol | null): PortMatch | null {
  const from = portNumberAt(member(cursor, 'start'));
  const to = portNumberAt(member(cursor, 'end'));
  if (from === null || to === null) return null;
  if (from <= to) return protocol === null ? null : { kind: 'range', protocol, from, to };
  return note(member(cursor, 'end'), {
    code: 'RANGE_REVERSED',
    message: `the range ends at ${to}, below its start ${from}`,
    hint: 'write the lower port as `start`; both ends are included',
  });
}

/** Row 29: a name takes the protocol of the pod's port. */
function namedPortMatch(cursor: Cursor): PortMatch | null {
  const name = portNameAt(cursor);
  return name === null ? null : { kind: 'named', protocol: null, name };
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  tcp: Protocol.TCP,
  udp: Protocol.UDP,
  sctp: Protocol.SCTP,
};

/** A ClusterNetworkPolicyProtocol: `tcp`, `udp`, `sctp` or `destinationNamedPort`. */
export function clusterProtocolAt(cursor: Cursor): PortMatch | null {
  const field = onlyField(cursor, [...Object.keys(PROTOCOLS), 'destinationNamedPort']);
  const protocol = field === null ? undefined : PROTOCOLS[field];
  if (field === null) return null;
  return protocol === undefined
    ? namedPortMatch(member(cursor, field))
    : destinationPortMatch(member(cursor, field), protocol);
}

function destinationPortMatch(cursor: Cursor, protocol: Protocol): PortMatch | null {
  if (itemObject(cursor) === null) return null;
  if (setMembers(cursor).length === 0) return everyPort(cursor, protocol);
  const field = onlyField(cursor, ['destinationPort']);
  const port = member(cursor, 'destinationPort');
  switch (field === null ? null : onlyField(port, ['number', 'range'])) {
    case 'number': {
      const number = portNumberAt(member(port, 'number'));
      return number === null ? null : { kind: 'range', protocol, from: number, to: number };
    }
    case 'range': {
      const range = member(port, 'range');
      if (itemObject(range) === null) return null;
      warnOfUnknown(range, ['start', 'end']);
      return rangeMatch(range, protocol);
    }
    default:
      return null;
  }
}

function everyPort(cursor: Cursor, protocol: Protocol): PortMatch {
  warn(cursor, {
    code: 'PROTOCOL_EMPTY',
    message: `this means every ${protocol} port, but the API server refuses it`,
    hint: 'write `destinationPort: {range: {start: 1, end: 65535}}`',
  });
  return { kind: 'range', protocol, from: 1, to: 65535 };
}

/** "Exactly one field must be set." A field that is not known could narrow the rule, so it is not passed over. */
function onlyField(cursor: Cursor, known: readonly string[]): string | null {
  if (itemObject(cursor) === null) return null;
  const written = setMembers(cursor);
  const [field] = written;
  if (field !== undefined && written.length === 1 && known.includes(field)) return field;
  const found = written.map(key => `\`${key}\``).join(', ');
  return note(cursor, {
    code: 'FIELD_NOT_ONE',
    message: `one field must be set here, found ${found === '' ? 'none' : found}`,
    hint: `write one of ${known.map(name => `\`${name}\``).join(', ')}`,
  });
}
