import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import { statement } from '../database/row.js';
import { buildWhere, type Condition } from '../query/condition.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
} from '../query/page.js';
import type { Baseline } from './baseline.js';
import { BASELINE, BASELINE_COLUMNS } from './baseline.store.js';

/** Of deployments that the caller sees. */
export type BaselinePageStore = {
  /** @param filter over baseline `b` and its deployment `p` */
  page(filter: Condition, request: PageRequest): Promise<readonly (Baseline & Keyed)[]>;
  count(filter: Condition): Promise<number>;
};

const STATEMENTS = {
  page: statement<Baseline & Keyed>('baselinePages.page', { ...BASELINE, ...KEYED }),
  count: statement('baselinePages.count', COUNTED),
} as const;

const FROM = `from baseline b join peer p on p.cluster_id = b.cluster_id and p.id = b.deployment_id`;

export const baselinePageStore = (manager: EntityManager, caller: Caller): BaselinePageStore => {
  const seen = visibleWorkload(caller, 'p');
  return {
    page: (filter, request) => {
      const { sql, values } = buildWhere([filter, seen, ...request.conditions]);
      return STATEMENTS.page.rows(
        manager,
        `select ${BASELINE_COLUMNS}${cursorColumn(request)} ${FROM} ${sql} ${request.orderBy} limit ${request.fetch}`,
        values,
      );
    },
    count: async filter => {
      const { sql, values } = buildWhere([filter, seen]);
      return (await STATEMENTS.count.row(manager, countText(`${FROM} ${sql}`), values)).count;
    },
  };
};
