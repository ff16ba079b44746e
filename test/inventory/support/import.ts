import type { EntityManager } from 'typeorm';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { clusterStore } from '../../../src/inventory/cluster.store.js';
import { type ImportDeps, importInventory } from '../../../src/inventory/import-inventory.js';
import type { ImportMode, ImportStores } from '../../../src/inventory/inventory-import.js';
import type { Merger } from '../../../src/inventory/merger.js';
import { peerStore } from '../../../src/inventory/peer.store.js';
import { snapshotStore } from '../../../src/inventory/snapshot.store.js';
import { type DatabaseFixture, withDatabase } from '../../support/database.js';

/** What the rooms above were told. */
export type Told = {
  readonly merged: Merger[];
  readonly changed: number[];
  readonly policies: string[];
};

const storesOn = (manager: EntityManager, told: Told): ImportStores => ({
  clusters: clusterStore(manager, LOCAL_CALLER),
  peers: peerStore(manager, LOCAL_CALLER),
  snapshots: snapshotStore(manager),
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
    const told: Told = { merged: [], changed: [], policies: [] };
    const deps: ImportDeps = {
      now: () => NOW,
      transaction: work => fixture.source.transaction(manager => work(storesOn(manager, told))),
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

type Metadata = {
  readonly labels?: Record<string, string>;
  readonly created?: string;
  readonly owner?: string;
};

const metadata = (name: string, namespace: string | null, { labels, created, owner }: Metadata) => {
  const [kind, ownerName] = owner?.split('/') ?? [];
  return {
    name,
    ...(namespace === null ? {} : { namespace }),
    ...(created ? { creationTimestamp: created } : {}),
    labels: labels ?? {},
    ...(kind
      ? { ownerReferences: [{ apiVersion: 'apps/v1', kind, name: ownerName, controller: true }] }
      : {}),
  };
};

type PodSettings = Metadata & {
  readonly ip?: string;
  readonly started?: string;
  readonly phase?: string;
  readonly finished?: string;
  readonly hostNetwork?: boolean;
};

export const pod = (name: string, settings: PodSettings = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata(name, 'shop', settings),
  spec: {
    hostNetwork: settings.hostNetwork ?? false,
    nodeName: 'worker',
    containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8080 }] }],
  },
  status: {
    phase: settings.phase ?? 'Running',
    podIP: settings.ip,
    startTime: settings.started,
    containerStatuses: settings.finished
      ? [{ state: { terminated: { finishedAt: settings.finished } } }]
      : [],
  },
});

export const workload = (kind: string, name: string, settings: Metadata = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: metadata(name, 'shop', { ...settings, labels: {} }),
  spec: {
    selector: { matchLabels: settings.labels },
    template: {
      metadata: { labels: settings.labels ?? {} },
      spec: { containers: [{ name: 'main', ports: [{ containerPort: 8080 }] }] },
    },
  },
});

export const service = (name: string, selector: Record<string, string>, clusterIP: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata(name, 'shop', {}),
  spec: { clusterIP, selector, ports: [{ port: 80, targetPort: 'http' }] },
});

export const namespace = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: metadata(name, null, { labels }),
});

export const node = (name: string, ip: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: metadata(name, null, {}),
  status: { addresses: [{ type: 'InternalIP', address: ip }] },
});

export const policy = (name: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec: { podSelector: {} },
});
