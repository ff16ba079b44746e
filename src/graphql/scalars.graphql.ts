import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { blockOf, canonicalAddress, canonicalCidr } from '../netpol/index.js';
import { badInput } from '../query/api-error.js';
import { dateTimeOf, readDateTime } from '../query/date-time.js';
import { readTimeBound } from '../query/time-bound.js';

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw badInput(`${name} is written as a string`);
}

type TextScalar = {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL: string;
  /** From the wire to the inner text; throws ApiError. */
  readonly read: (text: string) => string;
  /** From what resolvers give to the wire. */
  readonly write: (value: unknown) => string;
};

const textScalar = ({ read, write, ...facts }: TextScalar) =>
  new GraphQLScalarType<string, string>({
    ...facts,
    parseValue: value => read(textOf(value, facts.name)),
    parseLiteral: node =>
      read(textOf(node.kind === Kind.STRING ? node.value : undefined, facts.name)),
    serialize: write,
  });

/** @throws TypeError: a resolver that gives something else has a bug. */
const written =
  (name: string, parse: (text: string) => string | null = text => text) =>
  (value: unknown): string => {
    const text = typeof value === 'string' ? parse(value) : null;
    if (text === null) throw new TypeError(`not a value of ${name}: ${String(value)}`);
    return text;
  };

const readBy =
  (parse: (text: string) => string | null, what: string) =>
  (text: string): string => {
    const parsed = parse(text);
    if (parsed === null) throw badInput(`\`${text}\` is not ${what}`);
    return parsed;
  };

export const DateTimeScalar = textScalar({
  name: 'DateTime',
  description:
    'A moment in RFC 3339 text. Any offset is read; answers are in UTC with six digits of a second.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  read: readDateTime,
  write: dateTimeOf,
});

export const TimeBoundScalar = textScalar({
  name: 'TimeBound',
  description:
    'One end of a half-open window: a DateTime, or a duration back from now, such as `7d`, `24h`, `1h30m` (w d h m s) or `PT15M`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#appendix-A',
  read: readTimeBound,
  write: written('TimeBound'),
});

export const CidrScalar = textScalar({
  name: 'Cidr',
  description:
    'A block of addresses, `10.0.0.0/8` or `2001:db8::/32`. Bits beyond the prefix are cleared.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc4632#section-3.1',
  read: readBy(canonicalCidr, 'a block of addresses, such as `10.0.0.0/8` or `10.1.2.3/32`'),
  write: written('Cidr', blockOf),
});

export const IpAddressScalar = textScalar({
  name: 'IpAddress',
  description: 'An IPv4 or IPv6 address without a prefix. IPv4-mapped IPv6 is read as IPv4.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc5952',
  read: readBy(canonicalAddress, 'an IPv4 or IPv6 address'),
  write: written('IpAddress', canonicalAddress),
});

export const YamlScalar = textScalar({
  name: 'Yaml',
  description: 'Text of one or more YAML documents.',
  specifiedByURL: 'https://yaml.org/spec/1.2.2/',
  read: text => text,
  write: written('Yaml'),
});

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const WHOLE = /^-?\d{1,19}$/;

function bigIntOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  return typeof value === 'string' && WHOLE.test(value) ? BigInt(value) : null;
}

function readBigInt(value: unknown): bigint {
  const whole = bigIntOf(value);
  if (whole !== null && whole >= INT64_MIN && whole <= INT64_MAX) return whole;
  throw badInput(
    `\`${String(value)}\` is not a whole number of 64 bits; above 2^53 write it as a string`,
  );
}

export const BigIntScalar = new GraphQLScalarType<bigint, string>({
  name: 'BigInt',
  description: 'A whole number of 64 bits. Answered as a string; read as a string or a number.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-6',
  parseValue: readBigInt,
  parseLiteral: node =>
    readBigInt(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
  serialize: value => {
    const whole = bigIntOf(value);
    if (whole === null) throw new TypeError(`not a value of BigInt: ${String(value)}`);
    return whole.toString();
  },
});

/** "Port numbers must be in the range 1 to 65535" (Kubernetes API conventions). */
const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535;

function readPort(value: unknown): number {
  if (isPort(value)) return value;
  throw badInput(`port \`${String(value)}\` is not a whole number between 1 and 65535`);
}

export const PortScalar = new GraphQLScalarType<number, number>({
  name: 'Port',
  description: 'A port number, 1 to 65535.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc6335#section-6',
  parseValue: readPort,
  parseLiteral: node => readPort(node.kind === Kind.INT ? Number(node.value) : undefined),
  serialize: value => {
    if (!isPort(value)) throw new TypeError(`not a value of Port: ${String(value)}`);
    return value;
  },
});

export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'Json',
  description: 'Any JSON value, as JSON.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: value => value,
  parseLiteral: (node: ValueNode, variables) => valueFromASTUntyped(node, variables),
  serialize: value => value,
});
