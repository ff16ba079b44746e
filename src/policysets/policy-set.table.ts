import { EntitySchema } from 'typeorm';
import type { PolicySet, PolicySetItem } from './policy-set.js';

const setKey = { primary: true, primaryKeyConstraintName: 'policy_set_pkey' } as const;

/** `scope`: see `scopeKey`; names are names within it. */
type StoredSet = PolicySet & {
  readonly scope: string;
  /** When an import first found all of its policies in force; null: none did. */
  readonly inForceAt: string | null;
};

export const PolicySetTable = new EntitySchema<StoredSet>({
  name: 'policy_set',
  columns: {
    clusterId: {
      ...setKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'policy_set_cluster_fkey' },
    },
    id: { ...setKey, type: 'uuid' },
    name: { type: 'text' },
    version: { type: 'int' },
    origin: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    request: { type: 'jsonb' },
    scope: { type: 'text', default: '' },
    inForceAt: { type: 'timestamptz', name: 'in_force_at', nullable: true },
  },
  indices: [{ name: 'policy_set_created', columns: ['createdAt', 'clusterId', 'id'] }],
  uniques: [{ name: 'policy_set_name_key', columns: ['clusterId', 'name', 'scope', 'version'] }],
});

/** The highest version of a name that was deleted: the next one has a higher number. */
type GoneSet = Pick<StoredSet, 'clusterId' | 'name' | 'scope' | 'version'>;

const goneKey = { primary: true, primaryKeyConstraintName: 'policy_set_gone_pkey' } as const;

export const PolicySetGoneTable = new EntitySchema<GoneSet>({
  name: 'policy_set_gone',
  columns: {
    clusterId: {
      ...goneKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'policy_set_gone_cluster_fkey' },
    },
    name: { ...goneKey, type: 'text' },
    scope: { ...goneKey, type: 'text' },
    version: { type: 'int' },
  },
});

type ItemRow = PolicySetItem & { readonly clusterId: number; readonly policySetId: string };

const itemKey = { primary: true, primaryKeyConstraintName: 'policy_set_item_pkey' } as const;

export const PolicySetItemTable = new EntitySchema<ItemRow>({
  name: 'policy_set_item',
  columns: {
    clusterId: { ...itemKey, type: 'int', name: 'cluster_id' },
    policySetId: { ...itemKey, type: 'uuid', name: 'policy_set_id' },
    position: { ...itemKey, type: 'int' },
    kind: { type: 'text' },
    namespace: { type: 'text', nullable: true },
    name: { type: 'text' },
    deploymentId: { type: 'uuid', name: 'deployment_id', nullable: true },
    yaml: { type: 'text' },
    rules: { type: 'jsonb' },
  },
  foreignKeys: [
    {
      target: 'policy_set',
      name: 'policy_set_item_set_fkey',
      columnNames: ['clusterId', 'policySetId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});
