import { type PortMatch, Protocol } from '../policy.js';
import {
  type Cursor,
  integerAt,
  isAbsent,
  itemObject,
  member,
  note,
  stringAt,
  warnOfUnknown,
} from './cursor.js';
import { faultOfPortName } from './names.js';

const PROTOCOLS = Object.values(Protocol);
const LAST_PORT = 65535;

/** A NetworkPolicyPort; null where it is wrong. */
export function policyPortAt(cursor: Cursor): PortMatch | null {
  if (itemObject(cursor) === null) return null;
  warnOfUnknown(cursor, ['protocol', 'port', 'endPort']);
  const protocol = protocolAt(member(cursor, 'protocol'));
  const port = member(cursor, 'port');
  const endPort = member(cursor, 'endPort');
  const isNumeric = !isAbsent(port) && typeof port.value !== 'string';
  if (isNumeric) return numbersAt(protocol, port, endPort);
  const name = isAbsent(port) ? null : portNameAt(port);
  if (!isAbsent(endPort)) return endPortAlone(endPort);
  if (protocol === null) return null;
  if (isAbsent(port)) return { kind: 'range', protocol, from: 1, to: LAST_PORT };
  return name === null ? null : { kind: 'named', protocol, name };
}

/** "endPort indicates that the range of ports from port to endPort if set, inclusive, should be allowed". */
function numbersAt(protocol: Protocol | null, port: Cursor, endPort: Cursor): PortMatch | null {
  const from = portNumberAt(port);
  const to = isAbsent(endPort) ? from : portNumberAt(endPort);
  if (from === null || to === null) return null;
  if (to < from) return endPortBelow(endPort, from);
  return protocol === null ? null : { kind: 'range', protocol, from, to };
}

function endPortAlone(cursor: Cursor): null {
  return note(cursor, {
    code: 'END_PORT_WITHOUT_PORT',
    message: '`endPort` needs a `port` that is a number',
    hint: 'write the first port of the range as `port`',
  });
}

function endPortBelow(cursor: Cursor, from: number): null {
  return note(cursor, {
    code: 'END_PORT_BELOW_PORT',
    message: `\`endPort\` ${cursor.value} is below \`port\` ${from}`,
    hint: 'write the last port of the range, which is included',
  });
}

/** "If this field is not specified, this defaults to TCP." */
export function protocolAt(cursor: Cursor): Protocol | null {
  if (isAbsent(cursor)) return Protocol.TCP;
  const written = stringAt(cursor);
  if (written === null) return null;
  const protocol = PROTOCOLS.find(known => known === written);
  if (protocol !== undefined) return protocol;
  return note(cursor, {
    code: 'PROTOCOL_UNKNOWN',
    message: `unknown protocol \`${written}\``,
    hint: `write one of ${PROTOCOLS.map(known => `\`${known}\``).join(', ')}`,
  });
}

/** A port from 1 to 65535; null where it is missing or wrong. */
export function portNumberAt(cursor: Cursor): number | null {
  if (isAbsent(cursor)) {
    return note(cursor, {
      code: 'PORT_MISSING',
      message: 'the port is missing',
      hint: 'write a number from 1 to 65535',
    });
  }
  const port = integerAt(cursor);
  if (port === null || (port >= 1 && port <= LAST_PORT)) return port;
  return note(cursor, {
    code: 'PORT_OUT_OF_RANGE',
    message: `port \`${port}\` is out of range`,
    hint: 'write a number from 1 to 65535',
  });
}

/** The name of a container port; null where it is wrong. */
export function portNameAt(cursor: Cursor): string | null {
  const name = stringAt(cursor);
  const fault = name === null ? null : faultOfPortName(name);
  if (fault === null) return name;
  const isNumber = /^\d+$/.test(name ?? '');
  return note(cursor, {
    code: 'PORT_NAME_INVALID',
    message: `port name \`${name}\` ${fault}`,
    hint: isNumber
      ? 'write the number without quotes'
      : 'write the name of a container port, such as `http`',
  });
}
