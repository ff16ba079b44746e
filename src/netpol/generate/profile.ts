import { canonicalCidr } from '../addresses/canonical.js';
import type { Labels } from '../labels.js';
import { Direction, Protocol } from '../policy.js';
import type { PortDraft } from './draft.js';

/** Who a rule of a zone is about. */
export type ZonePeer =
  /** All pods of the policy's own namespace. */
  | { readonly kind: 'namespace' }
  /** All pods of the namespaces of another zone. */
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'blocks'; readonly cidrs: readonly string[] };

export type ZoneRule = {
  readonly direction: Direction;
  readonly peer: ZonePeer;
  /** Empty: all ports of all protocols. */
  readonly ports: readonly PortDraft[];
};

/** Namespaces that are treated alike. */
export type Zone = {
  readonly name: string;
  /** Labels that a namespace of the zone has, all of them. */
  readonly labels: Labels;
  /** Directions that are closed for all pods of the zone's namespaces unless a rule opens them. */
  readonly deny: readonly Direction[];
  /** Whether what was seen of addresses on the internet becomes rules. */
  readonly internet: boolean;
  readonly rules: readonly ZoneRule[];
};

/** How zones of a cluster are kept apart: data, which users write too. */
export type Profile = { readonly name: string; readonly zones: readonly Zone[] };

/** Thrown by `parseProfile`; the message names the place, as `zones[0].rules[1].ports`. */
export class ProfileFault extends Error {}

const fault = (place: string, says: string): never => {
  throw new ProfileFault(`\`${place}\` of the profile ${says}`);
};

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown, place: string, known: readonly string[]): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fault(place, 'is no mapping');
  const stranger = Object.keys(value).find(key => !known.includes(key));
  if (stranger !== undefined) fault(`${place}.${stranger}`, `is none of ${known.join(', ')}`);
  return value as Members;
}

/** More are never meant. */
const MOST = 500;

function listOf<T>(value: unknown, place: string, read: (one: unknown, place: string) => T): T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return fault(place, 'is no list');
  if (value.length > MOST) fault(place, `has more than ${MOST} entries`);
  return value.map((one, index) => read(one, `${place}[${index}]`));
}

const textOf = (value: unknown, place: string): string =>
  typeof value === 'string' && value !== '' ? value : fault(place, 'is no text');

const oneOf =
  <T extends string>(known: readonly T[]) =>
  (value: unknown, place: string): T =>
    known.find(one => one === value) ?? fault(place, `is none of ${known.join(', ')}`);

const directionOf = oneOf(Object.values(Direction));

const cidrOf = (value: unknown, place: string): string =>
  canonicalCidr(textOf(value, place)) ?? fault(place, 'is no block of addresses');

function portOf(value: unknown, place: string): PortDraft {
  const { protocol, port } = membersOf(value, place, ['protocol', 'port']);
  const isPort = typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535;
  if (port !== undefined && !isPort) fault(`${place}.port`, 'is no port from 1 to 65535');
  return {
    protocol:
      protocol === undefined
        ? Protocol.TCP
        : oneOf(Object.values(Protocol))(protocol, `${place}.protocol`),
    port: isPort ? port : null,
  };
}

function peerOf(value: Members, place: string): ZonePeer {
  const { zone, blocks } = value;
  if (zone !== undefined && blocks !== undefined) fault(place, 'names both a zone and blocks');
  if (zone !== undefined) return { kind: 'zone', zone: textOf(zone, `${place}.zone`) };
  if (blocks === undefined) return { kind: 'namespace' };
  return { kind: 'blocks', cidrs: listOf(blocks, `${place}.blocks`, cidrOf) };
}

function ruleOf(value: unknown, place: string): ZoneRule {
  const members = membersOf(value, place, ['direction', 'zone', 'blocks', 'ports']);
  return {
    direction: directionOf(members['direction'], `${place}.direction`),
    peer: peerOf(members, place),
    ports: listOf(members['ports'], `${place}.ports`, portOf),
  };
}

function labelsOf(value: unknown, place: string): Labels {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fault(place, 'is no mapping');
  const entries = Object.entries(value).map(([key, one]) => [key, textOf(one, `${place}.${key}`)]);
  if (entries.length === 0) fault(place, 'names no label');
  return Object.fromEntries(entries);
}

function zoneOf(value: unknown, place: string): Zone {
  const known = ['name', 'labels', 'deny', 'internet', 'rules'];
  const { name, labels, deny, internet = true, rules } = membersOf(value, place, known);
  if (typeof internet !== 'boolean') fault(`${place}.internet`, 'is neither true nor false');
  return {
    name: textOf(name, `${place}.name`),
    labels: labelsOf(labels, `${place}.labels`),
    deny: listOf(deny, `${place}.deny`, directionOf),
    internet: internet === true,
    rules: listOf(rules, `${place}.rules`, ruleOf),
  };
}

/** A profile from JSON values. @throws ProfileFault that names the first fault */
export function parseProfile(value: unknown): Profile {
  const { name, zones } = membersOf(value, 'profile', ['name', 'zones']);
  const profile = { name: textOf(name, 'name'), zones: listOf(zones, 'zones', zoneOf) };
  const names = profile.zones.map(zone => zone.name);
  const twice = names.find((one, place) => names.indexOf(one) < place);
  if (twice !== undefined) fault('zones', `has \`${twice}\` twice`);
  for (const zone of profile.zones)
    for (const { peer } of zone.rules)
      if (peer.kind === 'zone' && !names.includes(peer.zone))
        fault(`zones`, `has no \`${peer.zone}\`, which a rule of \`${zone.name}\` names`);
  return profile;
}
