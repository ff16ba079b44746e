import type { Problem } from '../netpol/index.js';
import { versionFault } from '../query/problem.js';
import type { Cluster } from './cluster.js';
import type { ClusterStore } from './cluster.store.js';
import { noCluster } from './existing-cluster.js';

/** Which cluster's settings are to be changed, as they were when somebody decided so. */
export type WhichSettings = {
  readonly cluster: string;
  /** Null: whatever version they are. */
  readonly expectedVersion?: number | null;
};

export type SettingsStore = Pick<
  ClusterStore,
  'byName' | 'names' | 'holdSettings' | 'settingsChanged'
>;

type Taken =
  | { readonly cluster: Cluster; readonly fault: null }
  | { readonly cluster: null; readonly fault: Problem };

/**
 * The cluster whose settings change, as it is with the next version of them: nobody else changes them until the transaction
 * ends. Or why they do not.
 */
export async function takeSettings(
  clusters: SettingsStore,
  { cluster: name, expectedVersion }: WhichSettings,
): Promise<Taken> {
  const cluster = await clusters.byName(name);
  if (cluster === null) return { cluster, fault: await noCluster(clusters, name) };
  const version = await clusters.holdSettings(cluster.id);
  const fault = versionFault('the settings of the cluster', version, expectedVersion);
  if (fault !== null) return { cluster: null, fault };
  await clusters.settingsChanged(cluster.id);
  return { cluster: { ...cluster, settingsVersion: version + 1 }, fault };
}
