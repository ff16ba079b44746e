import { EntitySchema } from 'typeorm';

const headKey = { primary: true, primaryKeyConstraintName: 'flow_news_head_pkey' } as const;

type Head = {
  readonly clusterId: number;
  /** Number of the last batch, whether its flows are kept or not. */
  readonly seq: string;
  /** Until then the flows of each batch are kept, also where nobody listens. */
  readonly listenedUntil: string;
};

export const FlowNewsHeadTable = new EntitySchema<Head>({
  name: 'flow_news_head',
  columns: {
    clusterId: {
      ...headKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'flow_news_head_cluster_fkey' },
    },
    seq: { type: 'bigint' },
    listenedUntil: { type: 'timestamptz', name: 'listened_until' },
  },
});

const newsKey = { primary: true, primaryKeyConstraintName: 'flow_news_pkey' } as const;

/** The flows of a batch, a thousand of them at most; `skipped` counts those beyond. */
type News = {
  readonly clusterId: number;
  readonly seq: string;
  readonly flows: readonly string[];
  readonly skipped: number;
  readonly toldAt: string;
};

export const FlowNewsTable = new EntitySchema<News>({
  name: 'flow_news',
  columns: {
    clusterId: {
      ...newsKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'flow_news_cluster_fkey' },
    },
    seq: { ...newsKey, type: 'bigint' },
    flows: { type: 'uuid', array: true },
    skipped: { type: 'int' },
    toldAt: { type: 'timestamptz', name: 'told_at' },
  },
});
