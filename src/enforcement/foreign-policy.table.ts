import { EntitySchema } from 'typeorm';

const key = { primary: true, primaryKeyConstraintName: 'foreign_policy_pkey' } as const;

type Row = {
  readonly clusterId: number;
  readonly kind: string;
  /** Empty where it is in none: part of the key. */
  readonly namespace: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly seenAt: string;
  readonly endedAt: string | null;
};

export const ForeignPolicyTable = new EntitySchema<Row>({
  name: 'foreign_policy',
  columns: {
    clusterId: {
      ...key,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'foreign_policy_cluster_fkey' },
    },
    kind: { ...key, type: 'text' },
    namespace: { ...key, type: 'text' },
    name: { ...key, type: 'text' },
    apiVersion: { type: 'text', name: 'api_version' },
    seenAt: { type: 'timestamptz', name: 'seen_at' },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
  },
});
