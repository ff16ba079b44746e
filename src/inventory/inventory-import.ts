import type { Problem, Source } from '../netpol/index.js';
import type { Cluster } from './cluster.js';
import type { ClusterStore } from './cluster.store.js';
import type { Merger } from './merger.js';
import type { PeerStore } from './peer.store.js';
import type { PoliciesFound } from './snapshot.js';
import type { SnapshotStore } from './snapshot.store.js';
import type { VersionStore } from './versions.store.js';

export const ImportMode = {
  /** What the snapshot does not show stays. */
  MERGE: 'MERGE',
  /** Objects of the kinds present that are absent have ended. */
  REPLACE: 'REPLACE',
} as const;
export type ImportMode = (typeof ImportMode)[keyof typeof ImportMode];

export type InventoryImport = {
  /** Name of the cluster; the first import creates it. */
  readonly cluster: string;
  readonly sources: readonly Source[];
  readonly mode: ImportMode;
  /** When the snapshot was taken, ISO text in UTC; null: now. */
  readonly observedAt: string | null;
  /** Idempotency key, or null. */
  readonly key: string | null;
};

export type PoliciesTaken = {
  readonly policies: number;
  readonly ended: number;
  readonly changed: number;
  readonly problems: readonly Problem[];
};

/** Of the objects in a snapshot, and what they changed. */
export type SnapshotCounts = {
  readonly namespaces: number;
  readonly deployments: number;
  readonly pods: number;
  readonly services: number;
  readonly nodes: number;
  /** Objects that were known and are gone. */
  readonly ended: number;
  /** Peers learned from flows that turned out to be others. */
  readonly merged: number;
  /** Rows that are new or other than before. */
  readonly changed: number;
};

export type ImportCounts = SnapshotCounts & { readonly policies: number };

export type Imported = {
  /** Null when nothing was done; then a problem is an ERROR. */
  readonly cluster: Cluster | null;
  readonly counts: ImportCounts | null;
  readonly problems: readonly Problem[];
};

/** What an import works on, all in one transaction. */
export type ImportStores = {
  readonly clusters: Pick<
    ClusterStore,
    'ensure' | 'byName' | 'lockImports' | 'imported' | 'keyedImport' | 'keepImport'
  >;
  readonly peers: Pick<PeerStore, 'mergePairs'>;
  readonly snapshots: SnapshotStore;
  /** Moves what the rooms above hold of peers that turned out to be others. */
  readonly afterMerge: (clusterId: number, mergers: readonly Merger[]) => Promise<void>;
  /**
   * Flows whose ends are known otherwise now, after everything of a snapshot is written, become those of whom it shows.
   * @returns how many did
   */
  readonly afterShown: (clusterId: number) => Promise<number>;
  /** Stores policies as live ones. */
  readonly policiesFound: (
    clusterId: number,
    found: PoliciesFound,
    mode: ImportMode,
    observedAt: string,
  ) => Promise<PoliciesTaken>;
  readonly versions: Pick<VersionStore, 'factsChanged' | 'policiesChanged'>;
  /** Verdicts are to be made anew, after the transaction. */
  readonly changed: (clusterId: number) => Promise<void>;
};
