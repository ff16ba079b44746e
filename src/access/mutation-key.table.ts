import { EntitySchema } from 'typeorm';

type MutationKey = {
  readonly id: string;
  readonly action: string;
  readonly inputHash: string;
  readonly answer: unknown;
  readonly createdAt: string;
};

/** What was asked under an idempotency key, and the answer. Of key, caller and input there are hashes only. */
export const MutationKeyTable = new EntitySchema<MutationKey>({
  name: 'mutation_key',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'mutation_key_pkey' },
    action: { type: 'text' },
    inputHash: { type: 'text', name: 'input_hash' },
    answer: { type: 'jsonb', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
  indices: [{ name: 'mutation_key_created', columns: ['createdAt'] }],
});
