import type { EntityManager } from 'typeorm';
import { unhurried } from '../database/deadline.js';
import { int4, statement } from '../database/row.js';

type Asked = { readonly text: string; readonly values: readonly unknown[] };

/** What rate-limiter-flexible asks of a database, under a name as all statements have. */
export type RateCountStore = {
  readonly query: (asked: Asked) => Promise<{
    readonly rows: readonly unknown[];
    readonly rowCount: number;
  }>;
};

/** What is counted is answered as points; the other statements of the library answer nothing that is used. */
const SPEND = statement<{ readonly points: number }>('rateCounts.spend', { points: int4 });

export const rateCountStore = (manager: EntityManager): RateCountStore => ({
  query: async ({ text, values }) => {
    const answer: unknown = await unhurried(() => SPEND.rows(manager, text, values));
    const rows = Array.isArray(answer) ? answer : [];
    return { rows, rowCount: rows.length };
  },
});
