import { EVERYTHING } from '../labels.js';
import { Action, type Peer, type Policy, type PortMatch, type Rule } from '../policy.js';
import {
  adminPeerAt,
  EGRESS_PEERS,
  INGRESS_PEERS,
  namespacedPodsAt,
  type PeerDialect,
  setMembers,
} from './admin-peers.js';
import {
  type Cursor,
  integerAt,
  isAbsent,
  itemObject,
  listAt,
  member,
  note,
  objectAt,
  placeOf,
  stringAt,
  warn,
  warnOfUnknown,
} from './cursor.js';
import { selectorAt } from './selector.js';

/** What the kinds of cluster-wide policies differ in. */
export type AdminDialect = PeerDialect & {
  readonly actions: Readonly<Record<string, Action>>;
  readonly egressPeers: readonly string[];
  /** The member of a rule that lists its ports, and how an item of it is read. */
  readonly ports: 'ports' | 'protocols';
  readonly portAt: (cursor: Cursor) => PortMatch | null;
  /** The most items that the API takes in a list. */
  readonly longest: number;
};

/** "Exactly one field must be set" in a subject: `namespaces` or `pods`. */
export function subjectAt(cursor: Cursor, dialect: PeerDialect): Policy['subject'] {
  objectAt(cursor);
  warnOfUnknown(cursor, ['namespaces', 'pods']);
  const namespaces = member(cursor, 'namespaces');
  const pods = member(cursor, 'pods');
  if (isAbsent(namespaces) === isAbsent(pods)) {
    note(cursor, {
      code: 'SUBJECT_NOT_ONE',
      message: 'the subject must have either `namespaces` or `pods`',
      hint: isAbsent(namespaces)
        ? 'write `subject: {namespaces: {}}` to mean every pod'
        : 'leave out one of them; `pods` has a `namespaceSelector` of its own',
    });
  }
  if (!isAbsent(pods)) return namespacedPodsAt(pods, dialect);
  return { namespaces: selectorAt(namespaces) ?? EVERYTHING, pods: EVERYTHING };
}

/** "Priority is a value from 0 to 1000. Rules with lower priority values have higher precedence." */
export function priorityAt(cursor: Cursor): number {
  const priority = integerAt(cursor);
  const isMissing = isAbsent(cursor);
  if (isMissing || (priority !== null && (priority < 0 || priority > 1000))) {
    note(cursor, {
      code: isMissing ? 'PRIORITY_MISSING' : 'PRIORITY_OUT_OF_RANGE',
      message: isMissing ? 'the policy has no `priority`' : `priority ${priority} is out of range`,
      hint: 'write a number from 0 to 1000; the lowest decides first',
    });
  }
  return priority ?? 0;
}

/** Null where there are none: "ANPs with no ingress rules do not affect ingress traffic". */
export function adminRulesAt(
  spec: Cursor,
  direction: 'ingress' | 'egress',
  dialect: AdminDialect,
): readonly Rule[] | null {
  const cursor = member(spec, direction);
  const items = listAt(cursor) ?? [];
  warnOfLength(cursor, dialect.longest);
  const rules = items.map((item, index) => adminRuleAt(item, index, direction, dialect));
  return rules.length === 0 ? null : rules;
}

function adminRuleAt(
  cursor: Cursor,
  index: number,
  direction: 'ingress' | 'egress',
  dialect: AdminDialect,
): Rule {
  itemObject(cursor);
  const peers = member(cursor, direction === 'ingress' ? 'from' : 'to');
  const known = direction === 'ingress' ? INGRESS_PEERS : dialect.egressPeers;
  warnOfUnknown(cursor, ['name', 'action', direction === 'ingress' ? 'from' : 'to', dialect.ports]);
  const action = actionAt(member(cursor, 'action'), dialect);
  const name = stringAt(member(cursor, 'name'));
  const ports = portsAt(member(cursor, dialect.ports), dialect);
  warnOfNamedPorts(cursor, peers, ports);
  return {
    // A rule without a known action is refused with its document, so that any action may stand here.
    action: action ?? Action.DENY,
    peers: peersAt(peers, known, action, dialect),
    ports,
    name: name === '' ? null : name,
    index,
    place: placeOf(cursor),
  };
}

function actionAt(cursor: Cursor, dialect: AdminDialect): Action | null {
  const written = isAbsent(cursor) ? '' : stringAt(cursor);
  if (written === null) return null;
  if (Object.hasOwn(dialect.actions, written)) return dialect.actions[written] ?? null;
  const known = Object.keys(dialect.actions).map(action => `\`${action}\``);
  return note(cursor, {
    code: 'ACTION_UNKNOWN',
    message: written === '' ? 'the rule has no `action`' : `unknown action \`${written}\``,
    hint: `write one of ${known.join(', ')}`,
  });
}

/** "This field must be defined and contain at least one item." */
function peersAt(
  cursor: Cursor,
  known: readonly string[],
  action: Action | null,
  dialect: AdminDialect,
): readonly Peer[] {
  const items = listAt(cursor) ?? [];
  warnOfLength(cursor, dialect.longest);
  if (items.length === 0 && (isAbsent(cursor) || Array.isArray(cursor.value))) {
    note(cursor, {
      code: 'PEERS_MISSING',
      message: 'the rule names no peer',
      hint: 'write `namespaces: {}` to mean every pod',
    });
  }
  return items.map(item => adminPeerAt(item, known, action, dialect)).filter(peer => peer !== null);
}

/** "If Ports is not set then the rule does not filter traffic via port." */
function portsAt(cursor: Cursor, dialect: AdminDialect): readonly PortMatch[] | null {
  const items = listAt(cursor);
  warnOfLength(cursor, dialect.longest);
  if (items === null) return null;
  if (items.length > 0) return items.map(dialect.portAt).filter(port => port !== null);
  warn(cursor, {
    code: 'PORTS_EMPTY',
    message: 'an empty list means every port, but the API server refuses it',
    hint: `leave \`${dialect.ports}\` out`,
  });
  return null;
}

/**
 * The API server refuses named ports beside networks, nodes and domainNames, "since there are no namedPorts for"
 * them. Row 43: such a name resolves on the rule's pods, and matches nothing elsewhere.
 */
function warnOfNamedPorts(rule: Cursor, peers: Cursor, ports: readonly PortMatch[] | null): void {
  const fields = Array.isArray(peers.value) ? (listAt(peers) ?? []).flatMap(setMembers) : [];
  const podless = EGRESS_PEERS.filter(field => !INGRESS_PEERS.includes(field));
  const found = podless.find(field => fields.includes(field));
  if (found === undefined || !ports?.some(port => port.kind === 'named')) return;
  warn(rule, {
    code: 'NAMED_PORT_WITHOUT_POD',
    message: `a named port matches pods alone; the API server refuses it in a rule with \`${found}\``,
    hint: 'write the port as a number, or give those peers a rule of their own',
  });
}

function warnOfLength(cursor: Cursor, longest: number): void {
  if (!Array.isArray(cursor.value) || cursor.value.length <= longest) return;
  warn(cursor, {
    code: 'LIST_TOO_LONG',
    message: `the API server takes ${longest} items here at most, not ${cursor.value.length}`,
    hint: 'spread them over several rules or policies',
  });
}
