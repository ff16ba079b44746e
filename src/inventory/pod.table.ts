import { EntitySchema } from 'typeorm';
import type { Holding } from './address.js';
import type { HostPort } from './host-ports.js';

type Pod = {
  readonly clusterId: number;
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly deploymentId: string;
  readonly node: string | null;
  readonly hostNetwork: boolean;
  /** Ports of its node that lead to it; null: none. */
  readonly hostPorts: readonly HostPort[] | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly labelSetId: string | null;
  /** Since when it has that set, as far as it was seen. */
  readonly labelledAt: string | null;
};

const primaryKey = { primary: true, primaryKeyConstraintName: 'pod_pkey' } as const;

export const PodTable = new EntitySchema<Pod>({
  name: 'pod',
  columns: {
    clusterId: { ...primaryKey, type: 'int', name: 'cluster_id' },
    id: { ...primaryKey, type: 'uuid' },
    namespace: { type: 'text' },
    name: { type: 'text' },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    node: { type: 'text', nullable: true },
    hostNetwork: { type: 'boolean', name: 'host_network' },
    hostPorts: { type: 'jsonb', name: 'host_ports', nullable: true },
    startedAt: { type: 'timestamptz', name: 'started_at', nullable: true },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
    labelSetId: { type: 'uuid', name: 'label_set_id', nullable: true },
    labelledAt: { type: 'timestamptz', name: 'labelled_at', nullable: true },
  },
  uniques: [{ name: 'pod_name_key', columns: ['clusterId', 'namespace', 'name'] }],
  indices: [{ name: 'pod_deployment', columns: ['clusterId', 'deploymentId'] }],
  foreignKeys: [
    {
      target: 'peer',
      name: 'pod_deployment_fkey',
      columnNames: ['clusterId', 'deploymentId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});

const entryKey = { primary: true, primaryKeyConstraintName: 'address_book_pkey' } as const;

export const AddressBookTable = new EntitySchema<
  Holding & { readonly clusterId: number; readonly startKnown: boolean }
>({
  name: 'address_book',
  columns: {
    clusterId: { ...entryKey, type: 'int', name: 'cluster_id' },
    address: { ...entryKey, type: 'inet' },
    holder: { ...entryKey, type: 'text' },
    holderName: { ...entryKey, type: 'text', name: 'holder_name' },
    validFrom: { ...entryKey, type: 'timestamptz', name: 'valid_from' },
    validTo: { type: 'timestamptz', name: 'valid_to', nullable: true },
    startKnown: { type: 'boolean', name: 'start_known', default: false },
    peerId: { type: 'uuid', name: 'peer_id', nullable: true },
  },
  indices: [
    { name: 'address_book_holder', columns: ['clusterId', 'holderName'] },
    { name: 'address_book_peer', columns: ['clusterId', 'peerId'] },
  ],
  foreignKeys: [
    {
      target: 'peer',
      name: 'address_book_peer_fkey',
      columnNames: ['clusterId', 'peerId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});
