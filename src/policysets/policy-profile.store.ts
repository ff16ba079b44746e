import type { EntityManager } from 'typeorm';
import { type Caller, seesWhole } from '../access/caller.js';
import { inClusters } from '../access/visible.js';
import { int4, jsonb, statement, text } from '../database/row.js';
import { EVERYTHING, NOTHING, sql, value } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import type { PolicyProfile } from './policy-profile.js';

export type PolicyProfileStore = {
  /** Those of a cluster, by name; none for who sees some workloads only, since profiles speak of all of it. */
  list(clusterId: number): Promise<readonly PolicyProfile[]>;
  /** The same; until the transaction ends nobody else changes a profile of the cluster. */
  locked(clusterId: number): Promise<readonly PolicyProfile[]>;
  /** False: the one of its name has that definition already, and stays as it is. */
  put(profile: PolicyProfile): Promise<boolean>;
  remove(clusterId: number, name: string): Promise<void>;
};

const LIST = statement<PolicyProfile>('policyProfiles.list', {
  clusterId: int4,
  name: text,
  version: int4,
  definition: jsonb<unknown>(),
  updatedAt: text,
  updatedBy: text,
});

const PUT = statement<{ readonly name: string }>('policyProfiles.put', { name: text });

export const policyProfileStore = (manager: EntityManager, caller: Caller): PolicyProfileStore => {
  const list = (clusterId: number) =>
    LIST.ask(
      manager,
      sql`select p.cluster_id as "clusterId", p.name, p.version, p.definition, ${dateTimeText('p.updated_at')} as "updatedAt",
        p.updated_by as "updatedBy"
      from policy_profile p where p.cluster_id = ${value('int', clusterId)} and ${inClusters(caller, 'p.cluster_id')}
        and ${seesWhole(caller) ? EVERYTHING : NOTHING} order by p.name collate "C"`,
    );
  return {
    list,
    locked: async clusterId => {
      await manager.query(
        `/* policyProfiles.lock */ select pg_advisory_xact_lock(hashtext('policy_profile'), $1)`,
        [clusterId],
      );
      return list(clusterId);
    },
    put: async ({ clusterId, name, version, definition, updatedAt, updatedBy }) => {
      const rows = await PUT.rows(
        manager,
        `insert into policy_profile as p (cluster_id, name, version, definition, updated_at, updated_by)
        values ($1, $2, $3, $4, $5, $6)
        on conflict on constraint policy_profile_pkey do update
          set version = excluded.version, definition = excluded.definition, updated_at = excluded.updated_at, updated_by = excluded.updated_by
          where p.definition <> excluded.definition
        returning p.name`,
        [clusterId, name, version, JSON.stringify(definition), updatedAt, updatedBy],
      );
      return rows.length > 0;
    },
    remove: async (clusterId, name) => {
      await manager.query(
        '/* policyProfiles.remove */ delete from policy_profile where cluster_id = $1 and name = $2',
        [clusterId, name],
      );
    },
  };
};
