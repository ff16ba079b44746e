import { type Problem, readObjects, Severity } from '../netpol/index.js';
import { errorAt } from '../query/problem.js';
import type { Cluster } from './cluster.js';
import { clusterNameFault } from './cluster-name.js';
import { clusterGone } from './existing-cluster.js';
import { contentHash } from './identity.js';
import type { Imported, ImportStores, InventoryImport } from './inventory-import.js';
import { objectTime } from './object-times.js';
import { type Snapshot, snapshotOf } from './snapshot.js';
import { storeSnapshot } from './store-snapshot.js';

export type ImportDeps = {
  /** ISO text in UTC. */
  readonly now: () => string;
  readonly transaction: <T>(work: (stores: ImportStores) => Promise<T>) => Promise<T>;
  /** Makes the verdicts of the cluster anew where that is due; not in a transaction. */
  readonly settle: (clusterId: number) => Promise<void>;
};

const refused = (problems: readonly Problem[]): Imported => ({
  cluster: null,
  counts: null,
  problems,
});

/** A refused item is a warning with its place, and the rest is imported. */
const asWarnings = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map(problem =>
    problem.severity === Severity.ERROR ? { ...problem, severity: Severity.WARNING } : problem,
  );

const isEmpty = ({
  namespaces,
  nodes,
  deployments,
  pods,
  declarations,
  policies,
}: Snapshot): boolean =>
  [namespaces, nodes, deployments, pods, declarations, policies.policies, policies.foreign].every(
    ({ length }) => length === 0,
  );

const nothingFound = (problems: readonly Problem[]): readonly Problem[] =>
  problems.some(({ severity }) => severity === Severity.ERROR)
    ? problems
    : [
        ...problems,
        errorAt(
          'NOTHING_TO_IMPORT',
          'manifests',
          'the input holds nothing that an inventory is made of',
          'give it what `kubectl get pods,services,namespaces,nodes,deployments,networkpolicies -A -o json` prints',
        ),
      ];

type Taken = { readonly snapshot: Snapshot; readonly problems: readonly Problem[] };
type Outcome = Pick<Imported, 'counts' | 'problems'>;

async function take(
  stores: ImportStores,
  cluster: Cluster,
  { mode, observedAt }: Pick<InventoryImport, 'mode'> & { readonly observedAt: string },
  { snapshot, problems }: Taken,
): Promise<Outcome> {
  const stored = await storeSnapshot(stores, cluster, { snapshot, mode, observedAt });
  const found = snapshot.policies;
  const taken =
    found.present.length === 0
      ? { policies: 0, ended: 0, changed: 0, problems: [] }
      : await stores.policiesFound(cluster.id, found, mode, observedAt);
  const { counts } = stored;
  const changed = counts.changed + taken.changed;
  await tellChanges(stores, cluster.id, { facts: counts.changed > 0, policies: taken.changed > 0 });
  return {
    counts: { ...counts, policies: taken.policies, ended: counts.ended + taken.ended, changed },
    problems: asWarnings([...problems, ...stored.problems, ...taken.problems]),
  };
}

type Changes = { readonly facts: boolean; readonly policies: boolean };

async function tellChanges(
  { versions, changed }: ImportStores,
  clusterId: number,
  { facts, policies }: Changes,
): Promise<void> {
  if (facts) await versions.factsChanged(clusterId);
  if (policies) await versions.policiesChanged(clusterId);
  if (facts || policies) await changed(clusterId);
}

const reused = (key: string): Problem =>
  errorAt(
    'KEY_REUSED',
    'key',
    `key \`${key}\` was used for another import`,
    'use a new key for other content',
  );

/** A clock that is wrong would put the snapshot behind or before all others for ever. */
const momentFault = (observedAt: string | null): Problem | null =>
  observedAt === null || objectTime(observedAt) !== null
    ? null
    : errorAt(
        'TIME_INVALID',
        'observedAt',
        `\`${observedAt}\` lies outside of 2000 to 2100`,
        'say when the snapshot was taken, or leave it out: then it is now',
      );

/** Runs an import once for each key, and answers a repeated one as the first time. */
async function once(
  stores: ImportStores,
  clusterId: number,
  { key, hash }: { readonly key: string | null; readonly hash: string },
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  if (key === null) return work();
  const kept = await stores.clusters.keyedImport(clusterId, key);
  if (kept?.contentHash === hash) return kept.outcome as Outcome;
  if (kept !== null) return { counts: null, problems: [reused(key)] };
  const outcome = await work();
  await stores.clusters.keepImport(clusterId, key, { contentHash: hash, outcome });
  return outcome;
}

/**
 * Takes what `kubectl get -o json` or YAML manifests show of a cluster into its history, in one transaction.
 * An item that cannot be used is a WARNING with its place; the same input again changes nothing.
 */
export async function importInventory(deps: ImportDeps, input: InventoryImport): Promise<Imported> {
  const fault = clusterNameFault(input.cluster) ?? momentFault(input.observedAt);
  if (fault !== null) return refused([fault]);
  const { objects, problems: unread } = readObjects(input.sources);
  const { snapshot, problems: unused } = snapshotOf(objects);
  const problems = [...unread, ...unused];
  if (isEmpty(snapshot)) return refused(nothingFound(problems));
  const { cluster: name, mode, key, sources } = input;
  const observedAt = input.observedAt ?? deps.now();
  const hash = key === null ? '' : contentHash([mode, input.observedAt, sources]);
  const { id, outcome } = await deps.transaction(async stores => {
    const { id } = await stores.clusters.ensure(name, deps.now());
    await stores.clusters.lockImports(id);
    const cluster = await stores.clusters.byName(name);
    if (cluster?.id !== id) throw clusterGone();
    const outcome = await once(stores, id, { key, hash }, () =>
      take(stores, cluster, { mode, observedAt }, { snapshot, problems }),
    );
    return { id, outcome };
  });
  await deps.settle(id);
  const after =
    outcome.counts === null
      ? null
      : await deps.transaction(({ clusters }) => clusters.byName(name));
  return { cluster: after, ...outcome };
}
