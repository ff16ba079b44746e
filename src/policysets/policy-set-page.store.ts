import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { scopeKey } from '../access/scope.js';
import { madeWithin } from '../access/visible.js';
import { statement, text } from '../database/row.js';
import { and, asking, buildWhere, type Condition, sql } from '../query/condition.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
  walked,
} from '../query/page.js';
import type { PolicySet } from './policy-set.js';
import { COLUMNS, SET } from './policy-set.store.js';

export type PolicySetPageStore = {
  /** @param filter over `policy_set` p */
  page(filter: Condition, request: PageRequest): Promise<readonly (PolicySet & Keyed)[]>;
  count(filter: Condition): Promise<number>;
  /** Of a cluster's sets that were made under the caller's scope, at most a thousand, in their order. */
  names(clusterId: number): Promise<readonly string[]>;
};

const STATEMENTS = {
  page: statement<PolicySet & Keyed>('policySets.page', { ...SET, ...KEYED }),
  count: statement('policySets.count', COUNTED),
  names: statement('policySets.names', { name: text }),
} as const;

export const policySetPageStore = (manager: EntityManager, caller: Caller): PolicySetPageStore => {
  const seen = madeWithin(caller, { clusterId: 'p.cluster_id', scope: 'p.scope' });
  return {
    page: (filter, request) => {
      const rows = walked(['policy_set', 'p'], request, 'p.created_at');
      return STATEMENTS.page.ask(
        manager,
        sql`select ${COLUMNS}${cursorColumn(request)} from ${rows}
        where ${and([seen, filter])} ${request.orderBy} limit ${String(request.fetch)}`,
      );
    },
    count: async filter => {
      const { sql: where, values } = buildWhere([seen, filter]);
      const from = countText(`from policy_set p ${where}`);
      return (await STATEMENTS.count.row(manager, from, values)).count;
    },
    names: async clusterId => {
      const asked = asking(
        [clusterId, scopeKey(caller)],
        [seen],
        own => `select distinct p.name from policy_set p
        where p.cluster_id = $1 and p.scope = $2 and ${own} order by p.name limit 1000`,
      );
      return (await STATEMENTS.names.ask(manager, asked)).map(({ name }) => name);
    },
  };
};
