import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import { neverNullHere, statement, text, uuid } from '../database/row.js';
import { sql, value } from '../query/condition.js';

/** A deployment as far as a scope names it. */
export type ScopedDeployment = {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
};

export type ScopeStore = {
  /** All deployments of a cluster that have not ended, in the order of namespace and name. */
  deployments(clusterId: number): Promise<readonly ScopedDeployment[]>;
};

const DEPLOYMENTS = statement<ScopedDeployment>('scopes.deployments', {
  id: uuid,
  namespace: neverNullHere(text),
  name: text,
});

export const scopeStore = (manager: EntityManager, caller: Caller): ScopeStore => {
  const seen = visibleWorkload(caller, 'p');
  return {
    deployments: clusterId => {
      const asked = sql`select p.id, p.namespace, p.name from peer p
        where p.cluster_id = ${value('int', clusterId)} and p.kind = 'DEPLOYMENT' and p.alias_of is null
          and p.ended_at is null and ${seen}
        order by p.namespace, p.name, p.id`;
      return DEPLOYMENTS.rows(manager, asked.sql, asked.values);
    },
  };
};
