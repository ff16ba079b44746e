import { type Problem, Severity } from '../netpol/index.js';
import { Holder } from './address.js';
import type { Claim } from './address-book.store.js';
import type { Cluster } from './cluster.js';
import type { ImportMode, ImportStores, SnapshotCounts } from './inventory-import.js';
import { mergersTold, settledMergers } from './merger.js';
import { validAddresses } from './object-history.js';
import type { Taken } from './revision.store.js';
import type { Snapshot } from './snapshot.js';
import type { SnapshotStore } from './snapshot.store.js';
import type { SnapshotDeployment } from './workloads.js';

const claimsOf = ({ pods, services, nodes }: Snapshot): readonly Claim[] => [
  ...pods.map(pod => ({
    holder: Holder.POD,
    holderName: `${pod.namespace}/${pod.name}`,
    peerId: pod.deploymentId,
    addresses: pod.addresses,
    since: pod.startedAt,
    ended: pod.ended,
    until: pod.finishedAt,
  })),
  ...services.map(service => ({
    holder: Holder.SERVICE,
    holderName: `${service.namespace}/${service.name}`,
    peerId: null,
    addresses: validAddresses([...service.clusterIps, ...service.externalIps]),
    since: service.since,
    ended: false,
    until: null,
  })),
  ...nodes.flatMap(node => {
    const { name: holderName, id: peerId, since } = node;
    const claim = { holderName, peerId, since, ended: false, until: null };
    return [
      { ...claim, holder: Holder.NODE, addresses: node.addresses },
      { ...claim, holder: Holder.TUNNEL, addresses: node.tunnels },
      { ...claim, holder: Holder.GATEWAY, addresses: node.gateways },
    ];
  }),
];

/** What was merged away before is written to what it turned out to be. */
async function withoutAliases(
  snapshots: SnapshotStore,
  clusterId: number,
  snapshot: Snapshot,
): Promise<Snapshot> {
  const ids = snapshot.deployments.map(({ id }) => id);
  const aliases = await snapshots.aliasesAmong(clusterId, ids);
  if (aliases.length === 0) return snapshot;
  const now = new Map(aliases.map(({ id, aliasOf }) => [id, aliasOf]));
  const deployments = new Map<string, SnapshotDeployment>();
  // What is shown under its own name speaks for itself.
  for (const one of snapshot.deployments) {
    const id = now.get(one.id);
    if (id === undefined) deployments.set(one.id, one);
    else if (!deployments.has(id)) deployments.set(id, { ...one, id });
  }
  const pods = snapshot.pods.map(pod => ({
    ...pod,
    deploymentId: now.get(pod.deploymentId) ?? pod.deploymentId,
  }));
  return { ...snapshot, deployments: [...deployments.values()], pods };
}

/**
 * Tables that were just filled have no statistics until some later minute; taken for empty, they are joined row by
 * row: 10,000 pods took 36 s.
 */
const LARGE = 1_000;

async function analyzeWhenLarge(
  snapshots: SnapshotStore,
  { deployments, pods, services }: Snapshot,
): Promise<void> {
  if (deployments.length + pods.length + services.length >= LARGE) await snapshots.analyze();
}

type Change = { readonly before: Snapshot; readonly taken: Taken };

async function show(
  snapshots: SnapshotStore,
  { before, taken }: Change,
): Promise<{ readonly snapshot: Snapshot; readonly changed: number }> {
  const { clusterId, at } = taken;
  const { namespaces, implied, nodes, services } = before;
  const shown = [
    await snapshots.showNamespaces(clusterId, at, namespaces, implied),
    await snapshots.showDeployments(clusterId, at, before.deployments),
    await snapshots.showNodes(taken, nodes),
  ];
  await analyzeWhenLarge(snapshots, before);
  const snapshot = await withoutAliases(snapshots, clusterId, before);
  const revised = [
    await snapshots.reviseNamespaces(taken, namespaces),
    await snapshots.reviseDeployments(taken, snapshot.deployments),
  ].map(({ length }) => length);
  await snapshots.showLabelSets(clusterId, snapshot.pods);
  const held = [
    await snapshots.showPods(taken, snapshot.pods),
    await snapshots.showServices(taken, services),
    (await snapshots.reviseEndpoints(taken, before.endpoints)).length,
    await snapshots.claim(clusterId, at, claimsOf(snapshot)),
    await snapshots.showRanges(clusterId, before.ranges),
    await snapshots.showDeclarations(taken, before.declarations),
  ];
  const past = await snapshots.reviseServices(taken, services);
  // What the newest shows is counted already.
  if (!taken.newest) held.push(past.length);
  return { snapshot, changed: sum([...shown, ...revised, ...held]) };
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

/** REPLACE: objects that are absent have ended, of the kinds that are present (docs/identity-and-time.md, Modes of an import). */
async function endAbsent(
  snapshots: SnapshotStore,
  { clusterId, at }: Taken,
  { kinds, present, declarations, declaring }: Snapshot,
): Promise<number> {
  const ended = [
    await snapshots.endDeployments(clusterId, at, { kinds, shown: present.deployments }),
    await snapshots.endDeclarations(clusterId, at, declaring, declarations),
  ];
  if (kinds.includes('Pod')) ended.push(await snapshots.endPods(clusterId, at, present.pods));
  if (kinds.includes('Service'))
    ended.push(await snapshots.endServices(clusterId, at, present.services));
  if (kinds.includes('Node')) ended.push(await snapshots.endNodes(clusterId, at, present.nodes));
  if (kinds.includes('Namespace'))
    ended.push(await snapshots.endNamespaces(clusterId, at, present.namespaces));
  return sum(ended);
}

const OLDER: Omit<Problem, 'message'> = {
  code: 'SNAPSHOT_OLDER_THAN_INVENTORY',
  severity: Severity.WARNING,
  path: null,
  place: null,
  hint: 'import snapshots in the order of their times, or use mode `MERGE`',
};

const olderThan = (at: string, newest: string): Problem => ({
  ...OLDER,
  message: `this snapshot of \`${at}\` is older than that of \`${newest}\`: nothing was ended`,
});

/** Merges peers learned from flows into what the inventory now knows them to be. */
async function recognise(
  { peers, snapshots, afterMerge }: ImportStores,
  clusterId: number,
  { pods, deployments }: Snapshot,
): Promise<number> {
  const shown = deployments.map(({ id }) => id);
  const known = await snapshots.recognised(clusterId, mergersTold(pods), shown);
  if (known.length === 0) return 0;
  const mergers = settledMergers(known);
  const moved = await peers.mergePairs(clusterId, mergers);
  await afterMerge(clusterId, mergers);
  return moved.length;
}

type Told = {
  readonly snapshot: Snapshot;
  readonly mode: ImportMode;
  readonly observedAt: string;
};

/** Writes a snapshot into the history of its cluster. */
export async function storeSnapshot(
  stores: ImportStores,
  { id: clusterId, lastImportAt }: Cluster,
  { snapshot: before, mode, observedAt }: Told,
): Promise<{ readonly counts: SnapshotCounts; readonly problems: readonly Problem[] }> {
  const { snapshots, clusters } = stores;
  const newest = lastImportAt === null || lastImportAt <= observedAt;
  const taken = { clusterId, at: observedAt, newest };
  const { snapshot, changed } = await show(snapshots, { before, taken });
  await analyzeWhenLarge(snapshots, before);
  const ending = mode === 'REPLACE' && newest;
  const ended = ending ? await endAbsent(snapshots, taken, snapshot) : 0;
  const recognised = await recognise(stores, clusterId, snapshot);
  const resettled = await snapshots.settleLabelSets(taken);
  const assigned = await snapshots.assignServices(clusterId);
  const merged = recognised + (await stores.afterShown(clusterId));
  await clusters.imported(clusterId, observedAt);
  const { namespaces, implied, deployments, pods, services, nodes } = before;
  return {
    counts: {
      namespaces: new Set([...namespaces, ...implied].map(({ name }) => name)).size,
      deployments: deployments.length,
      pods: pods.length,
      services: services.length,
      nodes: nodes.length,
      ended,
      merged,
      changed: changed + ended + merged + resettled + assigned,
    },
    problems:
      mode === 'REPLACE' && !newest && lastImportAt !== null
        ? [olderThan(observedAt, lastImportAt)]
        : [],
  };
}
