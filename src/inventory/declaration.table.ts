import { EntitySchema } from 'typeorm';

const key = { primary: true, primaryKeyConstraintName: 'declaration_pkey' } as const;

type Row = {
  readonly clusterId: number;
  readonly kind: string;
  /** Empty where it is in none: part of the key. */
  readonly namespace: string;
  readonly name: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly says: unknown;
};

export const DeclarationTable = new EntitySchema<Row>({
  name: 'declaration',
  columns: {
    clusterId: {
      ...key,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'declaration_cluster_fkey' },
    },
    kind: { ...key, type: 'text' },
    namespace: { ...key, type: 'text' },
    name: { ...key, type: 'text' },
    validFrom: { ...key, type: 'timestamptz', name: 'valid_from' },
    validTo: { type: 'timestamptz', name: 'valid_to', nullable: true },
    says: { type: 'jsonb' },
  },
});
