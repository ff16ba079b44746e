import { type Problem, Severity } from '../problem.js';
import type { KubernetesObject } from './objects.js';
import { groupOf, groupsOfWorkload } from './pod-templates.js';

/** The kinds that tell something, and the groups that they belong to. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  NetworkPolicy: ['networking.k8s.io'],
  AdminNetworkPolicy: ['policy.networking.k8s.io'],
  BaselineAdminNetworkPolicy: ['policy.networking.k8s.io'],
  ClusterNetworkPolicy: ['policy.networking.k8s.io'],
  Pod: [''],
  Namespace: [''],
  Node: [''],
  Service: [''],
  Endpoints: [''],
  EndpointSlice: ['discovery.k8s.io'],
  Ingress: ['networking.k8s.io', 'extensions'],
  Route: ['route.openshift.io'],
  HTTPRoute: ['gateway.networking.k8s.io'],
  ...Object.fromEntries(
    [
      'Deployment',
      'ReplicaSet',
      'StatefulSet',
      'DaemonSet',
      'ReplicationController',
      'Job',
      'CronJob',
    ].map(kind => [kind, groupsOfWorkload(kind) ?? []]),
  ),
};

/** Kinds that change who reaches whom, and that are not read. */
const NOT_MODELLED: Readonly<Record<string, string>> = {
  'k8s.ovn.org/UserDefinedNetwork':
    'pods of its network cannot reach pods of another: what is said of their connections may be wrong',
  'k8s.ovn.org/ClusterUserDefinedNetwork':
    'pods of its network cannot reach pods of another: what is said of their connections may be wrong',
  'k8s.ovn.org/EgressFirewall': 'it may deny egress that is shown as allowed',
};

/** Groups of Kubernetes itself, where a kind of another group is a mistake and not somebody's own. */
const isOfKubernetes = (group: string): boolean =>
  !group.includes('.') || (group.endsWith('.k8s.io') && !group.endsWith('.x-k8s.io'));

const letters = (kind: string): string => kind.toLowerCase();

/** At most one letter too many, too few or wrong. */
function isNearly(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const skip = short.length === long.length ? 1 : 0;
  return short.slice(at + skip) === long.slice(at + 1);
}

/** The kind that was meant; null where the written one may well be a kind of somebody's own. */
function meantBy({ kind, apiVersion }: KubernetesObject): string | null {
  const group = groupOf(apiVersion);
  for (const [known, groups] of Object.entries(KINDS)) {
    if (kind === known && !groups.includes(group) && isOfKubernetes(group)) return known;
    if (kind === known) continue;
    const isTypingError =
      letters(kind) === letters(known) ||
      (known.length > 5 && isNearly(letters(kind), letters(known)));
    if (isTypingError && (groups.includes(group) || isOfKubernetes(group))) return known;
  }
  return null;
}

function mistaken(object: KubernetesObject, known: string): Problem {
  const groups = KINDS[known] ?? [];
  const hasKind = object.kind === known;
  return {
    code: 'KIND_UNKNOWN',
    severity: Severity.WARNING,
    message: hasKind
      ? `there is no ${known} in \`${object.apiVersion}\`: the object is not read`
      : `there is no kind \`${object.kind}\`: the object is not read`,
    path: hasKind ? 'apiVersion' : 'kind',
    place: object.locate([hasKind ? 'apiVersion' : 'kind']),
    hint: hasKind
      ? `${known} is of ${groups.map(group => (group === '' ? '`v1`' : `group \`${group}\``)).join(' or ')}`
      : `write \`${known}\` if that is meant`,
  };
}

/** What is passed over although it tells something: misspelled kinds, kinds in a group that has none such, and kinds that are not modelled. */
export function passedOver(
  objects: readonly KubernetesObject[],
  isRead: (object: KubernetesObject) => boolean,
): readonly Problem[] {
  return objects.flatMap((object): readonly Problem[] => {
    const key = `${groupOf(object.apiVersion)}/${object.kind}`;
    const effect = Object.hasOwn(NOT_MODELLED, key) ? NOT_MODELLED[key] : undefined;
    if (effect !== undefined) {
      return [
        {
          code: 'KIND_NOT_MODELLED',
          severity: Severity.WARNING,
          message: `${object.kind} \`${object.name ?? ''}\` is not read: ${effect}`,
          path: null,
          place: object.locate([]),
          hint: 'look at it beside this answer',
        },
      ];
    }
    // Policies of other groups are said to be left out where policies are read.
    if (isRead(object) || object.kind.endsWith('NetworkPolicy')) return [];
    const known = meantBy(object);
    return known === null ? [] : [mistaken(object, known)];
  });
}
