import { EntitySchema } from 'typeorm';
import { FlowTable } from '../flow.table.js';
import { FlowHourTable } from '../flow-hour.table.js';

const named = (name: string, key: string) => ({
  primary: true as const,
  primaryKeyConstraintName: `${name}_pkey`,
  name: key,
});

type Named = Readonly<Record<string, unknown>>;

/** The same columns in the same order, since rows move whole; a key of its own. */
const columnsOf = (table: EntitySchema, name: string): Named =>
  Object.fromEntries(
    Object.entries(table.options.columns).map(([key, column]) => [
      key,
      column?.primary ? { ...column, primaryKeyConstraintName: `${name}_pkey` } : column,
    ]),
  );

/** Flows that are taken for replies, as far as is known so far. */
export const ReplyFlowTable = new EntitySchema<object>({
  name: 'reply_flow',
  columns: columnsOf(FlowTable as EntitySchema, 'reply_flow') as never,
  indices: [
    { name: 'reply_flow_source', columns: ['clusterId', 'sourceId'] },
    { name: 'reply_flow_destination', columns: ['clusterId', 'destinationId', 'port'] },
  ],
});

/** Their hours. */
export const ReplyHourTable = new EntitySchema<object>({
  name: 'reply_hour',
  columns: columnsOf(FlowHourTable as EntitySchema, 'reply_hour') as never,
});

type Listener = {
  readonly clusterId: number;
  readonly peerId: string;
  readonly port: number;
  readonly protocol: string;
};

/** Ends that were seen to listen. */
export const ListenerTable = new EntitySchema<Listener>({
  name: 'listener',
  columns: {
    clusterId: { type: 'int', ...named('listener', 'cluster_id') },
    peerId: { type: 'uuid', ...named('listener', 'peer_id') },
    port: { type: 'int', ...named('listener', 'port') },
    protocol: { type: 'text', ...named('listener', 'protocol') },
  },
  foreignKeys: [
    {
      target: 'peer',
      columnNames: ['clusterId', 'peerId'],
      referencedColumnNames: ['clusterId', 'id'],
      name: 'listener_peer_fkey',
    },
  ],
});
