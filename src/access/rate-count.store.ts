import type { EntityManager } from 'typeorm';
import { unhurried } from '../database/deadline.js';

type Asked = { readonly text: string; readonly values: readonly unknown[] };

/** What rate-limiter-flexible asks of a database, under a name as all statements have. */
export type RateCountStore = {
  readonly query: (asked: Asked) => Promise<{
    readonly rows: readonly unknown[];
    readonly rowCount: number;
  }>;
};

export const rateCountStore = (manager: EntityManager): RateCountStore => ({
  query: async ({ text, values }) => {
    const answer: unknown = await unhurried(() =>
      manager.query(`/* rateCounts.spend */ ${text}`, [...values]),
    );
    const rows = Array.isArray(answer) ? answer : [];
    return { rows, rowCount: rows.length };
  },
});
