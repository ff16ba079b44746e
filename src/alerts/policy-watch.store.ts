import type { EntityManager } from 'typeorm';
import { bool, int4, jsonb, nullable, statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { dateTimeText } from '../query/date-time.js';

/** A policy of a stored set beside the one of its name that is in force. */
export type ExpectedPolicy = {
  readonly setId: string;
  readonly setName: string;
  /** Tells sets of one name apart: see `scopeKey`. */
  readonly scope: string;
  readonly version: number;
  /** When all of the set was first found in force, ISO text; null: it never was. */
  readonly inForceAt: string | null;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** Null: the one in force has the very same text. */
  readonly yaml: string | null;
  /** Of the one in force; null: the same text, or there is none. */
  readonly live: unknown;
  readonly isLive: boolean;
};

/** A policy as stored sets have it. */
export type KeptPolicy = {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly yaml: string;
  /** Whether the set is the latest of its name. */
  readonly isLatest: boolean;
};

export type PolicyIdentity = {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
};

export type PolicyWatchStore = {
  /**
   * Of each name of sets the newest version that was in force, and the latest where it was not and policies of all its names are in
   * force: their policies, in the order of sets and positions.
   */
  expected(clusterId: number): Promise<readonly ExpectedPolicy[]>;
  /** These policies as the latest sets and those that were in force last have them. */
  kept(clusterId: number, policies: readonly PolicyIdentity[]): Promise<readonly KeptPolicy[]>;
  /** All of a set was found in force for the first time. */
  inForce(clusterId: number, setId: string, at: string): Promise<void>;
  /** Document of a live policy as it was before a moment; null: it was not in force. */
  before(clusterId: number, policyId: string, at: string): Promise<{ document: unknown } | null>;
};

const STATEMENTS = {
  expected: statement<ExpectedPolicy>('policyWatches.expected', {
    setId: uuid,
    setName: text,
    scope: text,
    version: int4,
    inForceAt: nullable(text),
    kind: text,
    namespace: nullable(text),
    name: text,
    yaml: nullable(text),
    live: nullable(jsonb<unknown>()),
    isLive: bool,
  }),
  kept: statement<KeptPolicy>('policyWatches.kept', {
    kind: text,
    namespace: nullable(text),
    name: text,
    yaml: text,
    isLatest: bool,
  }),
  before: statement<{ document: unknown }>('policyWatches.before', { document: jsonb<unknown>() }),
} as const;

const SETS = `latest as materialized (select distinct on (name, scope) cluster_id, id, name, scope, version, in_force_at
    from policy_set where cluster_id = ${CLUSTER} order by name, scope, version desc),
  forced as materialized (select distinct on (name, scope) cluster_id, id, name, scope, version, in_force_at
    from policy_set where cluster_id = ${CLUSTER} and in_force_at is not null order by name, scope, version desc)`;

/** The live policy of the item `i`. */
const LIVE = `select document, yaml from policy where cluster_id = ${CLUSTER} and source = 'LIVE' and ended_at is null and kind = i.kind
  and coalesce(namespace, '') = coalesce(i.namespace, '') and name = i.name offset 0`;

const EXPECTED = `with ${SETS},
  wanted as materialized (select * from forced union all select * from latest l where l.in_force_at is null and not exists (
    select from policy_set_item i where i.cluster_id = ${CLUSTER} and i.policy_set_id = l.id and not exists (${LIVE})))
  select w.id as "setId", w.name as "setName", w.scope, w.version, ${dateTimeText('w.in_force_at')} as "inForceAt", i.kind, i.namespace, i.name,
    case when p.yaml is distinct from i.yaml then i.yaml end as yaml,
    case when p.yaml is distinct from i.yaml then p.document end as live, p.yaml is not null as "isLive"
  from wanted w
  cross join lateral (select * from policy_set_item where cluster_id = ${CLUSTER} and policy_set_id = w.id offset 0) i
  left join lateral (${LIVE}) p on true
  order by w.name, w.scope, w.version, i.position`;

const KEPT = `with ${SETS}
  select i.kind, i.namespace, i.name, i.yaml, bool_or(w."isLatest") as "isLatest"
  from (select id, true as "isLatest" from latest union all select id, false from forced) w
  cross join lateral (select * from policy_set_item where cluster_id = ${CLUSTER} and policy_set_id = w.id offset 0) i
  join unnest($2::text[], $3::text[], $4::text[]) k (kind, namespace, name)
    on k.kind = i.kind and k.namespace is not distinct from i.namespace and k.name = i.name
  group by 1, 2, 3, 4`;

export const policyWatchStore = (manager: EntityManager): PolicyWatchStore => ({
  expected: clusterId => STATEMENTS.expected.rows(manager, EXPECTED, [clusterId]),
  kept: (clusterId, policies) =>
    STATEMENTS.kept.rows(manager, KEPT, [
      clusterId,
      policies.map(({ kind }) => kind),
      policies.map(({ namespace }) => namespace),
      policies.map(({ name }) => name),
    ]),
  inForce: async (clusterId, setId, at) => {
    await manager.query(
      `/* policyWatches.inForce */ update policy_set set in_force_at = $3::timestamptz
      where cluster_id = ${CLUSTER} and id = $2 and in_force_at is null`,
      [clusterId, setId, at],
    );
  },
  before: async (clusterId, policyId, at) => {
    const [row = null] = await STATEMENTS.before.rows(
      manager,
      `select document from policy_revision where cluster_id = ${CLUSTER} and policy_id = $2 and valid_from < $3::timestamptz
        and (valid_to is null or valid_to >= $3::timestamptz) order by valid_from desc limit 1`,
      [clusterId, policyId, at],
    );
    return row;
  },
});
