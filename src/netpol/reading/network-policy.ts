import { EVERYTHING } from '../labels.js';
import { Action, type Peer, type Policy, type PortMatch, type Rule, Tier } from '../policy.js';
import { faultOfExcept } from './cidr.js';
import {
  type Cursor,
  isAbsent,
  itemObject,
  listAt,
  member,
  note,
  objectAt,
  pathOf,
  placeOf,
  readOnce,
  requiredString,
  warn,
  warnOfUnknown,
} from './cursor.js';
import { headOf, namespaceAt } from './metadata.js';
import { ipBlockCidrAt } from './networks.js';
import type { KubernetesObject } from './objects.js';
import { policyPortAt } from './ports.js';
import { selectorAt } from './selector.js';
import { formatPath } from './source.js';

/** Reads a NetworkPolicy of networking.k8s.io/v1. What is wrong is in the cursor's notes. */
export function networkPolicyAt(
  cursor: Cursor,
  object: KubernetesObject,
  warnOfDefault: boolean,
): Policy {
  const head = headOf(cursor, object);
  const namespace = namespaceAt(cursor, warnOfDefault);
  const spec = networkSpecAt(cursor);
  const pods = selectorAt(member(spec, 'podSelector')) ?? EVERYTHING;
  const ingress = rulesAt(member(spec, 'ingress'), 'from');
  const egress = rulesAt(member(spec, 'egress'), 'to');
  const types = policyTypesAt(member(spec, 'policyTypes'), egress.length > 0);
  return {
    ...head,
    tier: Tier.NETWORK_POLICY,
    namespace,
    priority: 0,
    subject: { namespaces: null, pods },
    ingress: types.includes('Ingress') ? ingress : null,
    egress: types.includes('Egress') ? egress : null,
  };
}

/** The API server takes a NetworkPolicy without spec: no selector means all pods, and no rules nothing. */
function networkSpecAt(cursor: Cursor): Cursor {
  const spec = member(cursor, 'spec');
  if (isAbsent(spec)) {
    warn(spec, {
      code: 'SPEC_MISSING',
      message:
        'the policy has no `spec`: it selects every pod of its namespace and denies all ingress',
      hint: 'write `spec: {podSelector: {}, policyTypes: [Ingress]}` if that is meant',
    });
  }
  objectAt(spec);
  warnOfUnknown(spec, ['podSelector', 'policyTypes', 'ingress', 'egress']);
  return spec;
}

const POLICY_TYPES = ['Ingress', 'Egress'];

/**
 * "If no policyTypes are specified on a NetworkPolicy then by default Ingress will always be set and Egress will be
 * set if the NetworkPolicy has any egress rules." An empty list counts as none.
 */
function policyTypesAt(cursor: Cursor, hasEgressRules: boolean): readonly string[] {
  const types = (listAt(cursor) ?? []).map(policyTypeAt).filter(isText);
  if (types.length > 0) return types;
  return hasEgressRules ? POLICY_TYPES : ['Ingress'];
}

function policyTypeAt(cursor: Cursor): string | null {
  const type = requiredString(cursor);
  if (type === null || POLICY_TYPES.includes(type)) return type;
  return note(cursor, {
    code: 'POLICY_TYPE_UNKNOWN',
    message: `unknown policy type \`${type}\``,
    hint: 'write `Ingress` or `Egress`',
  });
}

function rulesAt(cursor: Cursor, peers: 'from' | 'to'): readonly Rule[] {
  return (listAt(cursor) ?? []).map((item, index) => ruleAt(item, index, peers));
}

/** Go decodes a null item as an empty one, which here allows everything. */
function emptyForNull(cursor: Cursor, means: string): Cursor {
  if (cursor.value !== null) return cursor;
  warn(cursor, {
    code: 'ITEM_NULL',
    message: `an item without content is read as \`{}\`: ${means}`,
    hint: 'write `{}` if that is meant, or remove the item',
  });
  return { ...cursor, value: {} };
}

function ruleAt(written: Cursor, index: number, peers: 'from' | 'to'): Rule {
  const cursor = emptyForNull(written, 'a rule for all peers and ports');
  itemObject(cursor);
  warnOfUnknown(cursor, [peers, 'ports']);
  return {
    action: Action.ALLOW,
    peers:
      nullIfEmpty(listAt(member(cursor, peers)))
        ?.map(peer => readOnce(peer, peerAt))
        .filter(isRead) ?? null,
    ports:
      nullIfEmpty(listAt(member(cursor, 'ports')))
        ?.map(port => policyPortAt(emptyForNull(port, 'every TCP port')))
        .filter(isRead) ?? null,
    name: null,
    index,
    place: placeOf(cursor),
  };
}

function isRead<T extends Peer | PortMatch>(value: T | null): value is T {
  return value !== null;
}

/** "If this field is empty or missing, this rule matches all sources"; ports likewise. */
function nullIfEmpty<T>(items: readonly T[] | null): readonly T[] | null {
  return items === null || items.length === 0 ? null : items;
}

function peerAt(cursor: Cursor): Peer | null {
  if (itemObject(cursor) === null) return null;
  warnOfUnknown(cursor, ['podSelector', 'namespaceSelector', 'ipBlock']);
  const podSelector = member(cursor, 'podSelector');
  const namespaceSelector = member(cursor, 'namespaceSelector');
  const ipBlock = member(cursor, 'ipBlock');
  const selects = !isAbsent(podSelector) || !isAbsent(namespaceSelector);
  if (isAbsent(ipBlock))
    return selects ? podsAt(podSelector, namespaceSelector) : emptyPeer(cursor);
  if (selects) {
    note(ipBlock, {
      code: 'PEER_MIXED',
      message: 'a peer with `ipBlock` may not have selectors',
      hint: 'write the selectors as an item of their own',
    });
  }
  return ipBlockAt(ipBlock);
}

function emptyPeer(cursor: Cursor): null {
  return note(cursor, {
    code: 'PEER_EMPTY',
    message: `\`${formatPath(pathOf(cursor))}\` names no peer`,
    hint: 'write `podSelector`, `namespaceSelector` or `ipBlock`; leave the list out to mean everybody',
  });
}

/** With a namespaceSelector and no podSelector, all pods there; the other way round, the policy's own namespace. */
function podsAt(podSelector: Cursor, namespaceSelector: Cursor): Peer {
  return {
    kind: 'pods',
    namespaces: selectorAt(namespaceSelector),
    pods: selectorAt(podSelector) ?? EVERYTHING,
  };
}

function ipBlockAt(cursor: Cursor): Peer | null {
  if (objectAt(cursor) === null) return null;
  warnOfUnknown(cursor, ['cidr', 'except']);
  const written = member(cursor, 'cidr');
  const cidr = isAbsent(written) ? missingCidr(written) : ipBlockCidrAt(written);
  const excepts = listAt(member(cursor, 'except')) ?? [];
  const except = excepts.map(item => exceptAt(item, cidr)).filter(isText);
  return cidr === null ? null : { kind: 'ip-block', cidr, except };
}

function isText(value: string | null): value is string {
  return value !== null;
}

function missingCidr(cursor: Cursor): null {
  return note(cursor, {
    code: 'CIDR_MISSING',
    message: 'an `ipBlock` needs a `cidr`',
    hint: 'write a block such as `10.0.0.0/8`',
  });
}

function exceptAt(cursor: Cursor, cidr: string | null): string | null {
  const except = ipBlockCidrAt(cursor);
  const fault = except === null || cidr === null ? null : faultOfExcept(except, cidr);
  if (fault === null) return except;
  return note(cursor, {
    code: 'EXCEPT_INVALID',
    message: `except \`${except}\` ${fault} \`${cidr}\``,
    hint: 'an except must be a smaller block inside its cidr',
  });
}
