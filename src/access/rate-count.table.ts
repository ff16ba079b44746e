import { EntitySchema } from 'typeorm';

/** As rate-limiter-flexible has it; `expire` in milliseconds since 1970. */
type RateCount = { readonly key: string; readonly points: number; readonly expire: string | null };

export const RateCountTable = new EntitySchema<RateCount>({
  name: 'rate_count',
  columns: {
    key: {
      type: 'varchar',
      length: 255,
      primary: true,
      primaryKeyConstraintName: 'rate_count_pkey',
    },
    points: { type: 'int', default: 0 },
    expire: { type: 'bigint', nullable: true },
  },
  indices: [{ name: 'rate_count_expire', columns: ['expire'] }],
});
