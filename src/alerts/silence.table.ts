import { EntitySchema } from 'typeorm';

const key = { primary: true, primaryKeyConstraintName: 'source_silence_pkey' } as const;

type SilenceRow = {
  readonly clusterId: number;
  readonly source: string;
  readonly newestAt: string;
  readonly checkedAt: string;
  readonly silentSeconds: number;
  readonly usualSeconds: number;
  readonly arrivals: number;
};

/** How long each source of flows has been silent. */
export const SilenceTable = new EntitySchema<SilenceRow>({
  name: 'source_silence',
  columns: {
    clusterId: {
      ...key,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'source_silence_cluster_fkey' },
    },
    source: { ...key, type: 'text' },
    newestAt: { type: 'timestamptz', name: 'newest_at' },
    checkedAt: { type: 'timestamptz', name: 'checked_at' },
    silentSeconds: { type: 'float8', name: 'silent_seconds' },
    usualSeconds: { type: 'float8', name: 'usual_seconds' },
    arrivals: { type: 'int' },
  },
});
