import { EntitySchema } from 'typeorm';

type SealKey = { readonly id: number; readonly key: string };

export const SealKeyTable = new EntitySchema<SealKey>({
  name: 'seal_key',
  columns: {
    id: { type: 'int', primary: true, primaryKeyConstraintName: 'seal_key_pkey' },
    key: { type: 'text' },
  },
});
