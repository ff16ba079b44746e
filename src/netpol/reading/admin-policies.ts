import { Action, type Policy, Tier } from '../policy.js';
import { EGRESS_PEERS } from './admin-peers.js';
import { adminPortAt, clusterProtocolAt } from './admin-ports.js';
import { type AdminDialect, adminRulesAt, priorityAt, subjectAt } from './admin-rules.js';
import { type Cursor, isAbsent, listAt, member, note, stringAt } from './cursor.js';
import { headOf, specAt, warnOfNamespace } from './metadata.js';
import type { KubernetesObject } from './objects.js';

const ADMIN: AdminDialect = {
  actions: { Allow: Action.ALLOW, Deny: Action.DENY, Pass: Action.PASS },
  egressPeers: EGRESS_PEERS,
  ports: 'ports',
  portAt: adminPortAt,
  podsNeed: ['namespaceSelector', 'podSelector'],
  longest: 100,
};

const BASELINE: AdminDialect = {
  ...ADMIN,
  actions: { Allow: Action.ALLOW, Deny: Action.DENY },
};

const CLUSTER: AdminDialect = {
  actions: { Accept: Action.ALLOW, Deny: Action.DENY, Pass: Action.PASS },
  egressPeers: EGRESS_PEERS,
  ports: 'protocols',
  portAt: clusterProtocolAt,
  podsNeed: ['podSelector'],
  longest: 25,
};

/** The last place in the order of the Baseline tier, which BaselineAdminNetworkPolicy shares. */
const BASELINE_PRIORITY = 1000;

/** Reads an AdminNetworkPolicy of policy.networking.k8s.io/v1alpha1. */
export function adminNetworkPolicyAt(cursor: Cursor, object: KubernetesObject): Policy {
  const spec = specAt(cursor, ['priority', 'subject', 'ingress', 'egress']);
  const priority = priorityAt(member(spec, 'priority'));
  return clusterWide(cursor, object, ADMIN, { tier: Tier.ADMIN, priority });
}

/** Reads the BaselineAdminNetworkPolicy of policy.networking.k8s.io/v1alpha1. */
export function baselineAdminNetworkPolicyAt(cursor: Cursor, object: KubernetesObject): Policy {
  const spec = specAt(cursor, ['subject', 'ingress', 'egress']);
  const name = member(member(cursor, 'metadata'), 'name');
  if (!isAbsent(name) && name.value !== 'default') {
    note(name, {
      code: 'BASELINE_NAME',
      message: 'a BaselineAdminNetworkPolicy must be named `default`, since there is only one',
      hint: 'name it `default`, or use a ClusterNetworkPolicy of the Baseline tier',
    });
  }
  refuseDomainNames(member(spec, 'egress'));
  return clusterWide(cursor, object, BASELINE, {
    tier: Tier.BASELINE,
    priority: BASELINE_PRIORITY,
  });
}

/** Its egress peers have no `domainNames`: leaving them unread would make a peer without any field. */
function refuseDomainNames(egress: Cursor): void {
  const rules = Array.isArray(egress.value) ? (listAt(egress) ?? []) : [];
  const peers = rules
    .map(rule => member(rule, 'to'))
    .flatMap(to => (Array.isArray(to.value) ? (listAt(to) ?? []) : []));
  for (const names of peers.map(peer => member(peer, 'domainNames'))) {
    if (isAbsent(names)) continue;
    note(names, {
      code: 'DOMAIN_NAMES_NOT_ALLOWED',
      message: 'a BaselineAdminNetworkPolicy takes no domain names',
      hint: 'use a ClusterNetworkPolicy of the Baseline tier',
    });
  }
}

/** Reads a ClusterNetworkPolicy of policy.networking.k8s.io/v1alpha2, or of v1beta1, which has the same fields. */
export function clusterNetworkPolicyAt(cursor: Cursor, object: KubernetesObject): Policy {
  const spec = specAt(cursor, ['tier', 'priority', 'subject', 'ingress', 'egress']);
  const priority = priorityAt(member(spec, 'priority'));
  return clusterWide(cursor, object, CLUSTER, { tier: tierAt(member(spec, 'tier')), priority });
}

function clusterWide(
  cursor: Cursor,
  object: KubernetesObject,
  dialect: AdminDialect,
  order: Pick<Policy, 'tier' | 'priority'>,
): Policy {
  const spec = member(cursor, 'spec');
  warnOfNamespace(cursor);
  return {
    ...headOf(cursor, object),
    ...order,
    namespace: null,
    subject: subjectAt(member(spec, 'subject'), dialect),
    ingress: adminRulesAt(spec, 'ingress', dialect),
    egress: adminRulesAt(spec, 'egress', dialect),
  };
}

function tierAt(cursor: Cursor): Policy['tier'] {
  const tier = isAbsent(cursor) ? '' : stringAt(cursor);
  if (tier === 'Baseline') return Tier.BASELINE;
  if (tier === 'Admin' || tier === null) return Tier.ADMIN;
  note(cursor, {
    code: 'TIER_UNKNOWN',
    message: tier === '' ? 'the policy has no `tier`' : `unknown tier \`${tier}\``,
    hint: 'write `Admin` or `Baseline`',
  });
  return Tier.ADMIN;
}
