import type { EntityManager } from 'typeorm';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { clusterStore } from '../../../src/inventory/cluster.store.js';
import { type ImportDeps, importInventory } from '../../../src/inventory/import-inventory.js';
import type { ImportMode, ImportStores } from '../../../src/inventory/inventory-import.js';
import type { Merger } from '../../../src/inventory/merger.js';
import { peerStore } from '../../../src/inventory/peer.store.js';
import { snapshotStore } from '../../../src/inventory/snapshot.store.js';
import { versionStore } from '../../../src/inventory/versions.store.js';
import { type DatabaseFixture, withDatabase } from '../../support/database.js';

/** What the rooms above were told. */
export type Told = {
  readonly merged: Merger[];
  readonly changed: number[];
  readonly policies: string[];
  readonly settled: number[];
};

const storesOn = (manager: EntityManager, told: Told): ImportStores => ({
  clusters: clusterStore(manager, LOCAL_CALLER),
  peers: peerStore(manager, LOCAL_CALLER),
  snapshots: snapshotStore(manager),
  versions: versionStore(manager),
  afterShown: async () => 0,
  afterMerge: async (_, mergers) => void told.merged.push(...mergers),
  policiesFound: async (_, { policies }) => {
    told.policies.push(...policies.map(({ name }) => name));
    return { policies: policies.length, ended: 0, changed: 0, problems: [] };
  },
  changed: async clusterId => void told.changed.push(clusterId),
});

export type Bench = DatabaseFixture & {
  readonly deps: ImportDeps;
  readonly told: Told;
  readonly peers: ReturnType<typeof peerStore>;
  readonly take: (
    objects: readonly object[],
    settings?: { mode?: ImportMode; at?: string; key?: string },
  ) => ReturnType<typeof importInventory>;
  readonly rows: (sql: string) => Promise<readonly Record<string, unknown>[]>;
};

export const NOW = '2026-03-01T00:00:00.000000Z';

/** A database with the import of cluster `lab`, and an ear for what it tells upward. */
export const withInventory = (use: (bench: Bench) => Promise<void>): Promise<void> =>
  withDatabase(async fixture => {
    const told: Told = { merged: [], changed: [], policies: [], settled: [] };
    const deps: ImportDeps = {
      now: () => NOW,
      transaction: work => fixture.source.transaction(manager => work(storesOn(manager, told))),
      settle: async clusterId => void told.settled.push(clusterId),
    };
    await use({
      ...fixture,
      deps,
      told,
      peers: peerStore(fixture.source.manager, LOCAL_CALLER),
      take: (objects, { mode = 'MERGE', at = NOW, key } = {}) =>
        importInventory(deps, {
          cluster: 'lab',
          sources: [
            {
              file: 'lab.json',
              text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
            },
          ],
          mode,
          observedAt: at,
          key: key ?? null,
        }),
      rows: sql => fixture.source.query(sql),
    });
  });
