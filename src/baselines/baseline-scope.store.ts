import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import { statement, uuid } from '../database/row.js';
import { sql, value } from '../query/condition.js';
import { type LabelSelector, labelCondition } from '../query/label-selector.js';

export type BaselineScopeStore = {
  /** Deployments of a cluster whose labels are selected, of those that the caller sees. @throws ApiError BAD_USER_INPUT */
  selected(clusterId: number, selector: LabelSelector): Promise<readonly string[]>;
};

const SELECTED = statement('baselineScopes.selected', { id: uuid });

export const baselineScopeStore = (manager: EntityManager, caller: Caller): BaselineScopeStore => ({
  selected: async (clusterId, selector) => {
    const asked = sql`select p.id from peer p where p.cluster_id = ${value('int', clusterId)}
      and p.kind = 'DEPLOYMENT' and p.alias_of is null and p.ended_at is null
      and ${labelCondition(`coalesce(p.labels, '{}')`, selector)} and ${visibleWorkload(caller, 'p')}`;
    return (await SELECTED.ask(manager, asked)).map(({ id }) => id);
  },
});
