import { keyOfSelector, selects } from '../compile/select.js';
import type { Facts, PodFact } from '../facts.js';
import { type Labels, METADATA_NAME, type Selector } from '../labels.js';
import { workloadNameOf } from '../peers/workload-name.js';
import type { Peer, Policy } from '../policy.js';
import { remembered } from '../remembered.js';

/** Pods that no selector can tell apart. */
type Shape = { readonly labels: Labels; readonly pods: PodFact[] };

/** A workload as the connectivity list shows it; its first pod in the input speaks for it. */
export type Workload = {
  /** `namespace/name[Kind]`. */
  readonly name: string;
  readonly namespace: string;
  readonly pods: readonly PodFact[];
  readonly pod: PodFact;
};

/** The pods of a cluster, found by selector. Answers are kept: policies share few selectors. */
export type Inventory = {
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly workloads: readonly Workload[];
  /** The name of a pod's workload. */
  readonly nameOf: (pod: PodFact) => string;
  /** Pods that the policy selects, host network pods included. */
  readonly subjectsOf: (policy: Policy) => readonly PodFact[];
  /** Pods that a peer names; none for peers that are no pods. */
  readonly podsOfPeer: (policy: Policy, peer: Peer) => readonly PodFact[];
  readonly namespacesMatching: (selector: Selector) => readonly string[];
};

export const inventoryOf = (facts: Facts): Inventory => {
  const namespaces = namespacesOf(facts);
  const shapes = shapesOf(facts.pods);
  const workloads = workloadsOf(facts.pods);
  const names = new Map(workloads.flatMap(({ name, pods }) => pods.map(pod => [pod, name])));
  const namespacesMatching = remembered(
    (selector: Selector) =>
      [...namespaces].flatMap(([name, labels]) => (selects(selector, labels) ? [name] : [])),
    keyOfSelector,
  );
  const podsIn = remembered(
    ({ namespace, pods }: { namespace: string; pods: Selector }) =>
      (shapes.get(namespace) ?? [])
        .filter(({ labels }) => selects(pods, labels))
        .flatMap(shape => shape.pods),
    ({ namespace, pods }) => `${namespace} ${keyOfSelector(pods)}`,
  );
  const select = remembered(
    ({ own, selected, pods }: Selected): readonly PodFact[] =>
      (selected === null ? [own ?? ''] : namespacesMatching(selected)).flatMap(namespace =>
        podsIn({ namespace, pods }),
      ),
    ({ own, selected, pods }) =>
      `${selected === null ? own : keyOfSelector(selected)} ${keyOfSelector(pods)}`,
  );
  return {
    namespaces,
    namespacesMatching,
    workloads,
    nameOf: pod => names.get(pod) ?? workloadNameOf(pod),
    subjectsOf: ({ namespace: own, subject: { namespaces: selected, pods } }) =>
      select({ own, selected, pods }),
    podsOfPeer: ({ namespace: own }, peer) =>
      peer.kind === 'pods' ? select({ own, selected: peer.namespaces, pods: peer.pods }) : [],
  };
};

const namespacesOf = (facts: Facts): ReadonlyMap<string, Labels> => {
  const named = [
    ...facts.pods.map(pod => pod.namespace),
    ...facts.namespaces.map(({ name }) => name),
  ];
  const labels = new Map(facts.namespaces.map(({ name, labels }) => [name, labels]));
  return new Map(named.sort().map(name => [name, { [METADATA_NAME]: name, ...labels.get(name) }]));
};

const shapesOf = (pods: readonly PodFact[]): ReadonlyMap<string, readonly Shape[]> => {
  const namespaces = new Map<string, Map<string, Shape>>();
  for (const pod of pods) {
    const known = namespaces.get(pod.namespace) ?? new Map<string, Shape>();
    namespaces.set(pod.namespace, known);
    const key = JSON.stringify(Object.entries(pod.labels).sort());
    const shape = known.get(key);
    if (shape === undefined) known.set(key, { labels: pod.labels, pods: [pod] });
    else shape.pods.push(pod);
  }
  return new Map([...namespaces].map(([name, shapes]) => [name, [...shapes.values()]]));
};

const workloadsOf = (pods: readonly PodFact[]): readonly Workload[] =>
  [...Map.groupBy(pods, workloadNameOf)].flatMap(([name, members]) => {
    const [pod] = members;
    return pod === undefined ? [] : [{ name, namespace: pod.namespace, pods: members, pod }];
  });

/** What a policy selects: in its own namespace, or in those selected. */
type Selected = {
  readonly own: string | null;
  readonly selected: Selector | null;
  readonly pods: Selector;
};
