import type { EntityManager } from 'typeorm';
import { statement, uuid } from '../database/row.js';
import { unnest } from '../database/statement.js';
import { COUNTED } from '../query/page.js';
import { type Revised, type Row, type Taken, writeRevisions } from './revision.store.js';
import type { SnapshotService } from './snapshot.js';
import type { SnapshotEndpoints } from './snapshot-endpoints.js';

export type ServiceRevisionStore = {
  /** As `RevisionStore` does it for deployments. @returns ids of the Services that have a new revision */
  reviseServices(snapshot: Taken, services: readonly SnapshotService[]): Promise<readonly string[]>;
  /** The same for where Services without a selector lead. */
  reviseEndpoints(
    snapshot: Taken,
    endpoints: readonly SnapshotEndpoints[],
  ): Promise<readonly string[]>;
};

const SERVICES: Revised = {
  past: statement('snapshots.reviseServicesPast', COUNTED),
  revise: statement<Row>('snapshots.reviseServices', { id: uuid }),
  table: 'service_revision',
  owner: 'service_id',
  shownBy: 'service',
  content: [
    'type',
    'cluster_ips',
    'external_ips',
    'ports',
    'selector',
    'external_name',
    'hostnames',
  ],
};

const ENDPOINTS: Revised = {
  past: statement('snapshots.reviseEndpointsPast', COUNTED),
  revise: statement<Row>('snapshots.reviseEndpoints', { id: uuid }),
  table: 'endpoints_revision',
  owner: 'service_id',
  shownBy: 'service',
  content: ['namespace', 'name', 'endpoints'],
};

export const serviceRevisionStore = (manager: EntityManager): ServiceRevisionStore => ({
  reviseServices: async (snapshot, services) => {
    const { from, values } = unnest(
      services,
      'seen',
      {
        id: ['uuid', row => row.id],
        since: ['timestamptz', row => row.since],
        type: ['text', row => row.type],
        cluster_ips: ['jsonb', row => JSON.stringify(row.clusterIps)],
        external_ips: ['jsonb', row => JSON.stringify(row.externalIps)],
        ports: ['jsonb', row => JSON.stringify(row.ports)],
        selector: ['jsonb', row => row.selector && JSON.stringify(row.selector)],
        external_name: ['text', row => row.externalName ?? null],
        hostnames: ['jsonb', row => row.hostnames && JSON.stringify(row.hostnames)],
        content_hash: ['text', row => row.contentHash],
        source: ['text', () => 'TEMPLATE'],
      },
      3,
    );
    return writeRevisions(manager, SERVICES, snapshot, { from, values });
  },
  reviseEndpoints: async (snapshot, endpoints) => {
    if (endpoints.length === 0) return [];
    const { from, values } = unnest(
      endpoints,
      'seen',
      {
        id: ['uuid', row => row.serviceId],
        since: ['timestamptz', () => null],
        namespace: ['text', row => row.namespace],
        name: ['text', row => row.name],
        endpoints: ['jsonb', row => JSON.stringify(row.endpoints)],
        content_hash: ['text', row => row.contentHash],
        source: ['text', () => 'TEMPLATE'],
      },
      3,
    );
    return writeRevisions(manager, ENDPOINTS, snapshot, { from, values });
  },
});
