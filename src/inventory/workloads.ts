import type { KubernetesObject, PodFact } from '../netpol/index.js';
import { type HostPort, hostPortsOf } from './host-ports.js';
import { contentHash, deploymentKey, peerId, podId } from './identity.js';
import { labelSetId, sharedLabels } from './label-set.js';
import { type Labels, stableLabels } from './labels.js';
import { RevisionSource } from './namespace.js';
import {
  createdAt,
  finishedAt,
  hasEnded,
  namespaceOf,
  ownedOf,
  startedAt,
  validAddresses,
} from './object-history.js';
import { type FoundOwner, type OwnerOf, ownersIn } from './owner.js';
import { type DeclaredPort, PeerKind } from './peer.js';

/** What one input shows of a deployment. */
export type SnapshotDeployment = {
  readonly id: string;
  readonly naturalKey: string;
  readonly namespace: string;
  readonly name: string;
  readonly workloadKind: string;
  readonly labels: Labels;
  readonly ports: readonly DeclaredPort[];
  readonly hostNetwork: boolean;
  /** No object of its own was in the input: inferred from its pods. */
  readonly inferred: boolean;
  /** Creation time of the first object that carries these labels, or null. */
  readonly since: string | null;
  readonly source: RevisionSource;
  readonly contentHash: string;
};

export type SnapshotPod = {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly deploymentId: string;
  readonly labels: Labels;
  readonly ports: readonly DeclaredPort[];
  readonly labelSetId: string;
  readonly node: string | null;
  readonly hostNetwork: boolean;
  /** Ports of its node that lead to it; none for a pod on its node's network. */
  readonly hostPorts: readonly HostPort[];
  /** That it holds, or held until it ended; none for a pod on its node's network. */
  readonly addresses: readonly string[];
  readonly startedAt: string | null;
  readonly ended: boolean;
  /** Null where it has not ended, or nothing tells when. */
  readonly finishedAt: string | null;
};

/** A pod or template with what its object tells beside. */
type Shape = {
  readonly fact: PodFact;
  readonly object: KubernetesObject;
  readonly owner: FoundOwner;
  readonly rank: Rank;
};

/** Who speaks for a deployment first: policies select running pods, whatever the template says by now. */
const Rank = { RUNNING: 0, OWN_TEMPLATE: 1, TEMPLATE: 2, ENDED: 3 } as const;
type Rank = (typeof Rank)[keyof typeof Rank];

const placeOf = (object: KubernetesObject): string =>
  `${object.kind}/${namespaceOf(object)}/${object.name ?? ''}`;

const isPod = ({ kind }: KubernetesObject): boolean => kind === 'Pod';

function rankOf(object: KubernetesObject, { kind, name }: FoundOwner): Rank {
  if (isPod(object)) return hasEnded(object) ? Rank.ENDED : Rank.RUNNING;
  return object.kind === kind && object.name === name ? Rank.OWN_TEMPLATE : Rank.TEMPLATE;
}

/** The key of a template's fact ends in its kind: `shop/web[Deployment]`. */
const kindOf = ({ key }: PodFact): string => /\[([^\]]+)\]$/.exec(key)?.[1] ?? 'Pod';

/** A template owns itself unless a controller made it; a pod never owns itself while it names an owner. */
const ownerOfShape = (object: KubernetesObject, ownerOf: OwnerOf): FoundOwner => {
  const owned = ownedOf(object);
  if (isPod(object)) return ownerOf(owned);
  const controller = owned.ownerReferences.find(reference => reference.controller);
  return controller === undefined || !MADE_BY_CONTROLLERS.has(object.kind)
    ? { kind: object.kind, name: owned.name, inferred: false }
    : { kind: controller.kind, name: controller.name, inferred: false };
};

const MADE_BY_CONTROLLERS = new Set(['ReplicaSet', 'Job', 'ReplicationController']);

const shapesOf = (
  objects: ReadonlyMap<string, KubernetesObject>,
  facts: readonly PodFact[],
  ownerOf: OwnerOf,
): readonly Shape[] =>
  facts.flatMap(fact => {
    const object = objects.get(`${kindOf(fact)}/${fact.namespace}/${fact.name}`);
    if (object === undefined) return [];
    const owner = ownerOfShape(object, ownerOf);
    return [{ fact, object, owner, rank: rankOf(object, owner) }];
  });

const portOrder = (one: DeclaredPort, other: DeclaredPort): number =>
  one.port - other.port ||
  (`${one.protocol} ${one.name}` < `${other.protocol} ${other.name}` ? -1 : 1);

const declaredPorts = (ports: readonly DeclaredPort[]): readonly DeclaredPort[] =>
  [...new Map(ports.map(port => [JSON.stringify(port), port])).values()].toSorted(portOrder);

const contentOf = ({ fact, owner }: Shape) => ({
  labels: stableLabels(fact.labels, owner.kind),
  ports: declaredPorts(fact.ports),
  hostNetwork: fact.hostNetwork,
});

const keyOfShape = ({ object, owner }: Shape): string =>
  deploymentKey(namespaceOf(object), owner.kind, owner.name);

/** The better rank first, then the newest, then by name. */
const speaksBefore = (one: Shape, other: Shape): number =>
  one.rank - other.rank ||
  (createdAt(other.object) ?? '').localeCompare(createdAt(one.object) ?? '') ||
  (one.fact.name < other.fact.name ? -1 : 1);

type Content = ReturnType<typeof contentOf>;

/** What all running pods share, and the ports of any; else what the one says that speaks. */
function sharedContent(speaker: Shape, shapes: readonly Shape[]): Content {
  const own = contentOf(speaker);
  if (speaker.rank !== Rank.RUNNING) return own;
  const contents = shapes.filter(({ rank }) => rank === Rank.RUNNING).map(contentOf);
  return {
    labels: sharedLabels([own.labels, ...contents.map(({ labels }) => labels)]),
    ports: declaredPorts(contents.flatMap(({ ports }) => ports)),
    hostNetwork: own.hostNetwork,
  };
}

const carries = (shape: Shape, shared: Content): boolean =>
  Object.entries(shared.labels).every(([key, value]) => shape.fact.labels[key] === value);

/** Creation time of the first object of this rank that carries the same. */
function sinceOf(speaker: Shape, shapes: readonly Shape[], shared: Content): string | null {
  const times = shapes
    .filter(shape => shape.rank === speaker.rank && carries(shape, shared))
    .map(({ object }) => createdAt(object))
    .filter(time => time !== null);
  return times.toSorted()[0] ?? null;
}

function deploymentOf(shapes: readonly Shape[], shown: ReadonlySet<string>): SnapshotDeployment[] {
  const [speaker] = shapes.toSorted(speaksBefore);
  if (speaker === undefined) return [];
  const namespace = namespaceOf(speaker.object);
  const { kind, name } = speaker.owner;
  const naturalKey = deploymentKey(namespace, kind, name);
  const content = sharedContent(speaker, shapes);
  return [
    {
      id: peerId(PeerKind.DEPLOYMENT, naturalKey),
      naturalKey,
      namespace,
      name,
      workloadKind: kind,
      ...content,
      inferred: shapes.every(({ owner }) => owner.inferred) && !shown.has(naturalKey),
      since: sinceOf(speaker, shapes, content),
      source: isPod(speaker.object) ? RevisionSource.POD : RevisionSource.TEMPLATE,
      contentHash: contentHash(content),
    },
  ];
}

const podOf = (shape: Shape): SnapshotPod => {
  const { fact, object } = shape;
  const ended = hasEnded(object);
  const { labels, hostNetwork } = fact;
  const ports = declaredPorts(fact.ports);
  return {
    id: podId(fact.namespace, fact.name),
    namespace: fact.namespace,
    name: fact.name,
    deploymentId: peerId(PeerKind.DEPLOYMENT, keyOfShape(shape)),
    labels,
    ports,
    labelSetId: labelSetId({ labels, ports, hostNetwork }),
    node: fact.node,
    hostNetwork,
    hostPorts: hostNetwork ? [] : hostPortsOf(object),
    addresses: hostNetwork ? [] : validAddresses(fact.addresses),
    startedAt: startedAt(object),
    ended,
    finishedAt: ended ? finishedAt(object) : null,
  };
};

/**
 * The deployments and pods of an input.
 * @param running facts of the running pods, and of the templates that no pod speaks for
 * @param ended facts of the pods that have ended, as if they ran
 */
export function workloadsOf(
  objects: readonly KubernetesObject[],
  running: readonly PodFact[],
  ended: readonly PodFact[],
): { readonly deployments: readonly SnapshotDeployment[]; readonly pods: readonly SnapshotPod[] } {
  const byPlace = new Map(objects.map(object => [placeOf(object), object]));
  const ownerOf = ownersIn(objects.map(ownedOf));
  const shapes = shapesOf(byPlace, [...running, ...ended], ownerOf);
  const shown = new Set(
    objects.map(object => deploymentKey(namespaceOf(object), object.kind, object.name ?? '')),
  );
  return {
    deployments: [...Map.groupBy(shapes, keyOfShape).values()].flatMap(group =>
      deploymentOf(group, shown),
    ),
    pods: shapes.filter(({ object }) => isPod(object)).map(podOf),
  };
}
