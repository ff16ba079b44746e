import { mayContradict } from '../contradiction.js';
import { METADATA_NAME, SelectorOperator } from '../labels.js';
import { type Policy, Tier } from '../policy.js';
import { type Problem, Severity } from '../problem.js';
import {
  adminNetworkPolicyAt,
  baselineAdminNetworkPolicyAt,
  clusterNetworkPolicyAt,
} from './admin-policies.js';
import { type Cursor, hasErrors, warn } from './cursor.js';
import { networkPolicyAt } from './network-policy.js';
import { type KubernetesObject, readObjects } from './objects.js';
import { passedOver } from './passed-over.js';
import { cursorOf } from './read-each.js';
import { replacing } from './repeated.js';
import type { Source } from './source.js';

export type PolicyReading = {
  readonly policies: readonly Policy[];
  /** Policies of documents with faults, as far as they could be read: none of them counts. */
  readonly refused: readonly Policy[];
  readonly problems: readonly Problem[];
};

export type PolicyOptions = {
  /** Warn of each policy that is read as one of namespace `default` because it names none. */
  readonly warnOfDefaultNamespace?: boolean;
  /** Tell of objects whose kind is misspelled, or stands in a group that has none such, or is not modelled. */
  readonly tellPassedOver?: boolean;
};

/**
 * Reads the policies of all tiers from YAML or JSON texts; other kinds of objects are passed over.
 * A policy with any fault is refused as a whole, with every fault as an ERROR at its line and column; the others
 * are read. Of two policies with the same kind, namespace and name the later one stays.
 */
export function parsePolicies(
  sources: readonly Source[],
  options: PolicyOptions = {},
): PolicyReading {
  const { objects, problems } = readObjects(sources);
  const reading = policiesOf(objects, options);
  const others = options.tellPassedOver === true ? passedOver(objects, () => false) : [];
  return { ...reading, problems: [...problems, ...reading.problems, ...others] };
}

/** The policies among objects that were read already. */
export function policiesOf(
  objects: readonly KubernetesObject[],
  options: PolicyOptions = {},
): PolicyReading {
  const problems: Problem[] = [];
  const policies = new Map<string, Policy>();
  const refused: Policy[] = [];
  const known: Cursor['document']['known'] = new Map();
  for (const object of objects) {
    const notes: Problem[] = [];
    const policy = policyOf(object, cursorOf(object, notes, known), options);
    for (const note of notes) problems.push(note);
    if (policy === null) continue;
    if (hasErrors(notes)) {
      refused.push(policy);
      continue;
    }
    const key = `${policy.kind}/${policy.namespace ?? ''}/${policy.name}`;
    const earlier = policies.get(key);
    if (earlier !== undefined) problems.push(replacing(policy, earlier.place, DUPLICATE));
    policies.delete(key);
    policies.set(key, policy);
  }
  const read = [...policies.values()];
  return { policies: read, refused, problems: [...problems, ...equalPriorities(read)] };
}

/**
 * "If two (or more) policies in the same tier with the same priority could match a connection, then the
 * implementation can apply any of the matching policies". Here the order of the documents decides. Policies whose rules all do the
 * same, or that are for different pods, are no rivals.
 */
function equalPriorities(policies: readonly Policy[]): readonly Problem[] {
  const ranked = policies.filter(policy => policy.tier !== Tier.NETWORK_POLICY);
  const groups = Map.groupBy(ranked, policy => `${policy.tier} ${policy.priority}`);
  return [...groups.values()].flatMap(rivalsIn).map(({ policy, rival }) => ({
    code: 'PRIORITY_EQUAL',
    severity: Severity.WARNING,
    message: `${policy.kind} \`${policy.name}\` has the priority of ${rival.kind} \`${rival.name}\`: which of them decides first is not defined`,
    path: 'spec.priority',
    place: policy.place,
    hint: 'give each policy of a tier a priority of its own',
  }));
}

/** The one namespace that a policy is for; empty: it may be for several. */
function onlyNamespaceOf({ subject: { namespaces } }: Policy): string {
  const named = namespaces?.requirements.find(
    ({ key, operator, values }) =>
      key === METADATA_NAME && operator === SelectorOperator.IN && values.length === 1,
  );
  return named?.values[0] ?? '';
}

/** Of policies of one priority each that an earlier one may contradict, with one of these. */
function rivalsIn(same: readonly Policy[]) {
  const earlier = new Map<string, Policy[]>();
  return same.flatMap(policy => {
    const own = onlyNamespaceOf(policy);
    const near = (own === '' ? [...earlier.keys()] : [own, '']).map(key => earlier.get(key) ?? []);
    const rival = near.flatMap(each => each.find(other => mayContradict(other, policy)) ?? [])[0];
    const beside = earlier.get(own) ?? [];
    beside.push(policy);
    earlier.set(own, beside);
    return rival === undefined ? [] : [{ policy, rival }];
  });
}

const DUPLICATE = { code: 'POLICY_DUPLICATE', hint: 'rename one of them, or remove it' };

type PolicyReader = (cursor: Cursor, object: KubernetesObject, warnOfDefault: boolean) => Policy;

const READERS: Readonly<Record<string, PolicyReader>> = {
  'networking.k8s.io/v1/NetworkPolicy': networkPolicyAt,
  'policy.networking.k8s.io/v1alpha1/AdminNetworkPolicy': adminNetworkPolicyAt,
  'policy.networking.k8s.io/v1alpha1/BaselineAdminNetworkPolicy': baselineAdminNetworkPolicyAt,
  'policy.networking.k8s.io/v1alpha2/ClusterNetworkPolicy': clusterNetworkPolicyAt,
  // The same fields under the name of a later version (network-policy-api v0.3.0).
  'policy.networking.k8s.io/v1beta1/ClusterNetworkPolicy': clusterNetworkPolicyAt,
};

/** The policy as far as it can be read; it counts only where there are no errors among the notes. */
function policyOf(object: KubernetesObject, cursor: Cursor, options: PolicyOptions): Policy | null {
  const read = READERS[`${object.apiVersion}/${object.kind}`];
  const policy = read?.(cursor, object, options.warnOfDefaultNamespace ?? false) ?? null;
  if (policy === null && isForeignPolicy(object)) warnOfOther(cursor, object);
  return policy;
}

/** Kinds of other APIs that allow or deny connections, and whose names do not say so. */
const FOREIGN_KINDS: ReadonlySet<string> = new Set([
  'AuthorizationPolicy',
  'EgressFirewall',
  'EgressNetworkPolicy',
  'ServerAuthorization',
]);

/** Whether an object is a policy that acts in a cluster and is not read here: of Cilium, Calico, Antrea, OVN, Istio, Linkerd. */
export const isForeignPolicy = ({ apiVersion, kind }: KubernetesObject): boolean =>
  (kind.endsWith('NetworkPolicy') || FOREIGN_KINDS.has(kind)) &&
  READERS[`${apiVersion}/${kind}`] === undefined;

const namedText = ({ namespace, name }: KubernetesObject): string =>
  name === null ? '' : ` \`${namespace === null ? '' : `${namespace}/`}${name}\``;

/** A policy of another API changes what is allowed too: that it was not read must be said. */
function warnOfOther(cursor: Cursor, object: KubernetesObject): void {
  const versions = Object.keys(READERS)
    .filter(key => key.endsWith(`/${object.kind}`))
    .map(key => `\`${key.slice(0, -object.kind.length - 1)}\``);
  warn(cursor, {
    code: 'POLICY_NOT_READ',
    message: `${object.kind}${namedText(object)} of \`${object.apiVersion}\` is not read: what it allows or denies is left out`,
    hint:
      versions.length === 0 ? 'translate it into a NetworkPolicy' : `use ${versions.join(' or ')}`,
  });
}
