import { EVERYTHING, type Selector } from '../labels.js';
import { Action, type Peer } from '../policy.js';
import {
  type Cursor,
  isAbsent,
  itemObject,
  listAt,
  member,
  note,
  objectAt,
  requiredString,
  warn,
  warnOfUnknown,
} from './cursor.js';
import { cidrAt } from './networks.js';
import { isJsonObject } from './objects.js';
import { selectorAt } from './selector.js';

export const INGRESS_PEERS: readonly string[] = ['namespaces', 'pods'];
export const EGRESS_PEERS: readonly string[] = [
  ...INGRESS_PEERS,
  'nodes',
  'networks',
  'domainNames',
];

/** The members of an object that are set; null counts as not set. */
export function setMembers(cursor: Cursor): readonly string[] {
  const { value } = cursor;
  if (!isJsonObject(value)) return [];
  return Object.keys(value).filter(key => value[key] !== undefined && value[key] !== null);
}

/** What the versions of the API differ in where they name peers. */
export type PeerDialect = {
  /** The selectors that `pods` must have; one that is missing is read as all. */
  readonly podsNeed: readonly string[];
};

/**
 * "Exactly one of the fields must be set for a given peer. If a consumer observes none of its fields are set, they
 * must assume an unknown option has been specified and fail closed."
 */
export function adminPeerAt(
  cursor: Cursor,
  known: readonly string[],
  action: Action | null,
  dialect: PeerDialect,
): Peer | null {
  if (itemObject(cursor) === null) return null;
  const written = setMembers(cursor);
  const [field] = written;
  if (written.length > 1) {
    return note(cursor, {
      code: 'PEER_MIXED',
      message: `a peer may have one field only, not ${written.map(key => `\`${key}\``).join(' and ')}`,
      hint: 'write each as an item of its own',
    });
  }
  if (field === undefined || !known.includes(field)) return unknownPeer(cursor, known);
  return knownPeerAt(member(cursor, field), field, action, dialect);
}

function unknownPeer(cursor: Cursor, known: readonly string[]): Peer {
  const [field] = setMembers(cursor);
  warn(field === undefined ? cursor : member(cursor, field), {
    code: 'PEER_UNKNOWN',
    message: `${field === undefined ? 'an empty peer' : `unknown peer \`${field}\``} fails closed: an allowing rule matches nothing, any other denies everything`,
    hint: `known here are ${known.map(name => `\`${name}\``).join(', ')}`,
  });
  return { kind: 'unknown' };
}

function knownPeerAt(
  cursor: Cursor,
  field: string,
  action: Action | null,
  dialect: PeerDialect,
): Peer | null {
  switch (field) {
    case 'namespaces':
      return namespacesAt(cursor);
    case 'pods':
      return { kind: 'pods', ...namespacedPodsAt(cursor, dialect) };
    case 'nodes':
      return { kind: 'nodes', nodes: selectorAt(cursor) ?? EVERYTHING };
    case 'networks':
      return { kind: 'networks', cidrs: networksAt(cursor) };
    default:
      return { kind: 'domain-names', names: domainNamesAt(cursor, action) };
  }
}

/** Early versions of v1alpha1 had `sameLabels` and the like here: without any field that is known it fails closed. */
function namespacesAt(cursor: Cursor): Peer {
  const written = setMembers(cursor);
  const known = ['matchLabels', 'matchExpressions'];
  if (written.length > 0 && !written.some(key => known.includes(key))) {
    return unknownPeer(cursor, known);
  }
  return { kind: 'pods', namespaces: selectorAt(cursor) ?? EVERYTHING, pods: EVERYTHING };
}

/** `pods: {namespaceSelector, podSelector}` of a subject or peer; an empty selector selects all. */
export function namespacedPodsAt(
  cursor: Cursor,
  { podsNeed }: PeerDialect,
): {
  readonly namespaces: Selector;
  readonly pods: Selector;
} {
  objectAt(cursor);
  warnOfUnknown(cursor, ['namespaceSelector', 'podSelector']);
  for (const field of podsNeed) {
    if (!isAbsent(member(cursor, field))) continue;
    warn(member(cursor, field), {
      code: 'SELECTOR_MISSING',
      message: `\`${field}\` is missing: read as all`,
      hint: `write \`${field}: {}\` to mean all`,
    });
  }
  return {
    namespaces: selectorAt(member(cursor, 'namespaceSelector')) ?? EVERYTHING,
    pods: selectorAt(member(cursor, 'podSelector')) ?? EVERYTHING,
  };
}

function networksAt(cursor: Cursor): readonly string[] {
  return itemsOf(cursor, 'network')
    .map(cidrAt)
    .filter(cidr => cidr !== null);
}

/** The pattern of DomainName in the API; `*.` stands for one label or more. */
const DOMAIN_NAME =
  /^(?:\*\.)?(?:[a-zA-Z0-9](?:[-\w]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9](?:[-\w]*[a-zA-Z0-9])?\.?$/;

function domainNamesAt(cursor: Cursor, action: Action | null): readonly string[] {
  if (action !== null && action !== Action.ALLOW) {
    note(cursor, {
      code: 'DOMAIN_NAMES_NOT_ALLOWED',
      message: 'domain names may only stand in a rule that allows',
      hint: 'allow the names, and deny the rest in a rule after it',
    });
  }
  return itemsOf(cursor, 'domain name')
    .map(domainNameAt)
    .filter(name => name !== null);
}

function domainNameAt(cursor: Cursor): string | null {
  const name = requiredString(cursor);
  if (name === null || DOMAIN_NAME.test(name)) return name;
  return note(cursor, {
    code: 'DOMAIN_NAME_INVALID',
    message: `\`${name}\` is no domain name`,
    hint: 'write a name such as `example.com` or `*.example.com`',
  });
}

/** The items of a list that may not be empty. */
function itemsOf(cursor: Cursor, what: string): readonly Cursor[] {
  const items = listAt(cursor);
  if (items?.length === 0) {
    note(cursor, {
      code: 'LIST_EMPTY',
      message: `the list needs at least one ${what}`,
      hint: 'add one, or remove the peer',
    });
  }
  return items ?? [];
}
