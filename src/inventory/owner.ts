/**
 * A workload that owns pods: what flows and history are kept for. Inferred from names where no object shows it, which
 * the engine's reading of manifests (`netpol/reading/owners.ts`) never does: a map shows what its input holds.
 */
export type Owner = {
  readonly kind: string;
  readonly name: string;
};

/** `inferred`: no owner object showed it. */
export type FoundOwner = Owner & { readonly inferred: boolean };

export type OwnerReference = Owner & { readonly controller: boolean };

/** The part of an object that owners are read from. Namespaces are filled in. */
export type Owned = {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ownerReferences: readonly OwnerReference[];
};

// `rand.SafeEncodeString` of apimachinery writes hashes in these characters: no vowels, no 0, 1, 3.
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';
const SUFFIX = `${SAFE}{5}`;

// A uint32 in decimal digits: 8 to 10 characters in 99.8 % of all cases. Shorter ones must hold a digit to be taken
// for a hash, so that `node-grpcs-x2x8p` stays a DaemonSet's.
const HASH = `(?:${SAFE}{8,10}|(?=[a-z]*\\d)${SAFE}{5,7})`;

/** What a pod's or ReplicaSet's name tells; group 1 is the owner's name. The first that matches decides. */
const POD_NAMES = [
  // CronJob names its Jobs by the minute since 1970: eight digits until 2160.
  { kind: 'CronJob', pattern: new RegExp(`^(.+)-\\d{8}-${SUFFIX}$`) },
  { kind: 'Deployment', pattern: new RegExp(`^(.+)-${HASH}-${SUFFIX}$`) },
  { kind: 'DaemonSet', pattern: new RegExp(`^(.+)-${SUFFIX}$`) },
  { kind: 'StatefulSet', pattern: /^(.+)-(?:0|[1-9]\d{0,4})$/ },
];
const REPLICA_SET_NAME = new RegExp(`^(.+)-${HASH}$`);
const SCHEDULED_JOB_NAME = /^(.+)-\d{8}$/;

const matched = (name: string, pattern: RegExp): string | null => pattern.exec(name)?.[1] ?? null;

const beforeSuffix = (name: string, suffix: string | null | undefined): string | null =>
  suffix && name.endsWith(`-${suffix}`) && name.length > suffix.length + 1
    ? name.slice(0, -suffix.length - 1)
    : null;

/**
 * The owner that a pod's name tells where no owner object is known:
 * `N-HASH-xxxxx` is Deployment N, `N-29300460-xxxxx` CronJob N, `N-xxxxx` DaemonSet N, `N-0` StatefulSet N;
 * anything else is the pod itself.
 */
export function ownerOfPodName(podName: string, podTemplateHash?: string | null): Owner {
  const base = /^(.+)-[^-]+$/.exec(podName)?.[1] ?? '';
  const known = beforeSuffix(base, podTemplateHash);
  if (known !== null) return { kind: 'Deployment', name: known };
  for (const { kind, pattern } of POD_NAMES) {
    const name = matched(podName, pattern);
    if (name !== null) return { kind, name };
  }
  return { kind: 'Pod', name: podName };
}

/** What the owner of pods with these labels is, by its name alone, where the object itself is not known. */
function ownerAbove({ kind, name }: Owner, labels: Owned['labels']): FoundOwner {
  const found = (above: string, aboveName: string): FoundOwner => ({
    kind: above,
    name: aboveName,
    inferred: true,
  });
  if (kind === 'ReplicaSet') {
    const rollout = beforeSuffix(name, labels['rollouts-pod-template-hash']);
    if (rollout !== null) return found('Rollout', rollout);
    const deployment =
      beforeSuffix(name, labels['pod-template-hash']) ?? matched(name, REPLICA_SET_NAME);
    if (deployment !== null) return found('Deployment', deployment);
  }
  if (kind === 'Job') {
    const scheduled = matched(name, SCHEDULED_JOB_NAME);
    if (scheduled !== null) return found('CronJob', scheduled);
  }
  if (kind === 'ReplicationController') {
    const config = labels['deploymentconfig'];
    if (config !== undefined) return found('DeploymentConfig', config);
  }
  return { kind, name, inferred: false };
}

/** Kinds that stand between a pod and what its author wrote. */
const BETWEEN = new Set(['ReplicaSet', 'Job', 'ReplicationController']);

const controllerOf = ({ ownerReferences }: Owned): OwnerReference | null =>
  ownerReferences.find(({ controller }) => controller) ?? ownerReferences[0] ?? null;

const keyOf = (namespace: string, kind: string, name: string): string =>
  `${namespace}/${kind}/${name}`;

/** Answers who owns a pod, over two hops: Pod → ReplicaSet → Deployment, Pod → Job → CronJob, or any custom owner. */
export type OwnerOf = (pod: Owned) => FoundOwner;

/** The owners that the objects of one input show; what they do not show is inferred from names, and marked so. */
export function ownersIn(objects: readonly Owned[]): OwnerOf {
  const shown = new Set(objects.map(({ kind, namespace, name }) => keyOf(namespace, kind, name)));
  const between = new Map(
    objects
      .filter(({ kind }) => BETWEEN.has(kind))
      .map(object => [keyOf(object.namespace, object.kind, object.name), object]),
  );
  return pod => {
    const first = controllerOf(pod);
    if (first === null) return ownerWithoutReference(pod);
    // Static pods belong to their node.
    if (first.kind === 'Node') return { kind: 'Pod', name: pod.name, inferred: false };
    const middle = between.get(keyOf(pod.namespace, first.kind, first.name));
    if (middle === undefined) return confirmed(ownerAbove(first, pod.labels), pod, shown);
    const { kind, name } = controllerOf(middle) ?? first;
    return { kind, name, inferred: false };
  };
}

/** An inferred owner whose object is in the input after all; a Rollout's ReplicaSets are named as a Deployment's. */
function confirmed(
  owner: FoundOwner,
  { namespace }: Owned,
  shown: ReadonlySet<string>,
): FoundOwner {
  if (!owner.inferred) return owner;
  const kinds = owner.kind === 'Deployment' ? ['Deployment', 'Rollout'] : [owner.kind];
  const kind = kinds.find(one => shown.has(keyOf(namespace, one, owner.name)));
  return kind === undefined ? owner : { kind, name: owner.name, inferred: false };
}

/** A pod that names no owner is its own, unless it carries the mark of a Deployment's pods (exports strip references). */
function ownerWithoutReference({ name, labels }: Owned): FoundOwner {
  const hash = labels['pod-template-hash'];
  if (hash === undefined) return { kind: 'Pod', name, inferred: false };
  return { ...ownerOfPodName(name, hash), inferred: true };
}
