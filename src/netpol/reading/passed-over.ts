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
  'k8s.cni.cncf.io/NetworkAttachmentDefinition':
    'policies do not guard what pods send over networks of their own beside that of the cluster',
  'k8s.ovn.org/EgressFirewall': 'it may deny egress that is shown as allowed',
};

/** Groups of Kubernetes itself, where a kind of another group is a mistake and not somebody's own. */
const isOfKubernetes = (group: string): boolean =>
  !group.includes('.') || (group.endsWith('.k8s.io') && !group.endsWith('.x-k8s.io'));

const letters = (kind: string): string => kind.toLowerCase();

/** Letters that are too many, too few or wrong (Levenshtein). */
function lettersApart(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (const [place, letter] of [...one].entries()) {
    const next = [place + 1];
    for (const [column, wanted] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** One letter, or two of a long name. */
function isNearly(one: string, other: string): boolean {
  const most = other.length > 10 ? 2 : 1;
  return Math.abs(one.length - other.length) <= most && lettersApart(one, other) <= most;
}

/** `Pods` and `NetworkPolicies`, as kubectl takes them on its command line. */
const isPlural = (one: string, other: string): boolean =>
  one === `${other}s` || one === `${other}es` || one === `${other.slice(0, -1)}ies`;

/** The kind that was meant; null where the written one may well be a kind of somebody's own. */
function meantBy({ kind, apiVersion }: KubernetesObject): string | null {
  const group = groupOf(apiVersion);
  for (const [known, groups] of Object.entries(KINDS)) {
    if (kind === known && !groups.includes(group) && isOfKubernetes(group)) return known;
    if (kind === known) continue;
    const isTypingError =
      letters(kind) === letters(known) ||
      isPlural(letters(kind), letters(known)) ||
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
