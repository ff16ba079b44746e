import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { inClusters, visible } from '../access/visible.js';
import {
  type Columns,
  int4,
  jsonb,
  nullable,
  oneOf,
  statement,
  text,
  uuid,
} from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { asking, buildWhere, type Condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
} from '../query/page.js';
import { type PolicyRecord, PolicySource } from './policy.js';

export type PolicyKey = { readonly clusterId: number; readonly id: string };

/** A policy in force by its id, with the hash of its text. */
export type PolicyHash = { readonly id: string; readonly kind: string; readonly hash: string };

export type PolicyStore = {
  /**
   * For what computes: policies of one source that have not ended (at a moment: that were valid then), of every namespace, in
   * the order of names.
   */
  inForce(
    clusterId: number,
    source: PolicySource,
    at: string | null,
  ): Promise<readonly PolicyRecord[]>;
  /** Ids of `inForce` with the hash of their text, in the same order. */
  hashesInForce(clusterId: number, source: PolicySource): Promise<readonly PolicyHash[]>;
  /** Rows by id, of every namespace: policies that a caller may not see bear on its flows too. */
  bearing(clusterId: number, ids: readonly string[]): Promise<readonly PolicyRecord[]>;
  byIds(keys: readonly PolicyKey[]): Promise<readonly PolicyRecord[]>;
  /** @param filter over `policy` p */
  page(filter: Condition, request: PageRequest): Promise<readonly (PolicyRecord & Keyed)[]>;
  count(filter: Condition): Promise<number>;
  /** Writes policies as they are now; answers the ids whose text changed or that are new. History is kept. */
  put(clusterId: number, policies: readonly PolicyRecord[]): Promise<readonly string[]>;
  /** Has Postgres look at what is stored, which it would do a minute later: until then it plans lists badly. */
  analyze(): Promise<void>;
  /** Ends policies; answers the ids that had not ended. */
  end(clusterId: number, ids: readonly string[], at: string): Promise<readonly string[]>;
};

const POLICY: Columns<PolicyRecord> = {
  clusterId: int4,
  id: uuid,
  source: oneOf(PolicySource),
  kind: text,
  namespace: nullable(text),
  name: text,
  document: jsonb<unknown>(),
  yaml: text,
  contentHash: text,
  validFrom: text,
  endedAt: nullable(text),
};

const ID: Columns<{ readonly id: string }> = { id: uuid };

const STATEMENTS = {
  inForce: statement('policies.inForce', POLICY),
  inForceAt: statement('policies.inForceAt', POLICY),
  hashesInForce: statement<PolicyHash>('policies.hashesInForce', {
    id: uuid,
    kind: text,
    hash: text,
  }),
  bearing: statement('policies.bearing', POLICY),
  byIds: statement('policies.byIds', POLICY),
  page: statement<PolicyRecord & Keyed>('policies.page', { ...POLICY, ...KEYED }),
  count: statement('policies.count', COUNTED),
  put: statement('policies.put', ID),
  end: statement('policies.end', ID),
} as const;

const columns = (
  valid: string,
): string => `p.cluster_id as "clusterId", p.id, p.source, p.kind, p.namespace, p.name,
  ${valid}.document, ${valid}.yaml, ${valid}.content_hash as "contentHash",
  ${dateTimeText(`${valid}.valid_from`)} as "validFrom", ${dateTimeText('p.ended_at')} as "endedAt"`;

/** Policies of every namespace bear on a flow: what computes takes all of a cluster, and answers what its caller may see. */
const cluster = (caller: Caller): Condition => inClusters(caller, 'p.cluster_id');

/** For what computes: of every namespace. */
const computing = (manager: EntityManager, caller: Caller) => ({
  inForce: (clusterId: number, source: PolicySource, at: string | null) =>
    at === null
      ? STATEMENTS.inForce.ask(
          manager,
          asking(
            [clusterId, source],
            [cluster(caller)],
            seenIn => `select ${columns('p')} from policy p
          where p.cluster_id = ${CLUSTER} and p.source = $2 and p.ended_at is null and ${seenIn}
          order by p.namespace nulls first, p.name, p.kind`,
          ),
        )
      : STATEMENTS.inForceAt.ask(
          manager,
          asking(
            [clusterId, source, at],
            [cluster(caller)],
            seenIn => `select ${columns('r')} from policy p
          join policy_revision r on r.cluster_id = p.cluster_id and r.policy_id = p.id
            and r.valid_from <= $3::timestamptz and (r.valid_to is null or r.valid_to > $3::timestamptz)
          where p.cluster_id = ${CLUSTER} and p.source = $2 and ${seenIn}
          order by p.namespace nulls first, p.name, p.kind`,
          ),
        ),
  hashesInForce: (clusterId: number, source: PolicySource) =>
    STATEMENTS.hashesInForce.ask(
      manager,
      asking(
        [clusterId, source],
        [cluster(caller)],
        seenIn => `select p.id, p.kind, p.content_hash as hash from policy p
      where p.cluster_id = ${CLUSTER} and p.source = $2 and p.ended_at is null and ${seenIn}
      order by p.namespace nulls first, p.name, p.kind`,
      ),
    ),
  bearing: (clusterId: number, ids: readonly string[]) =>
    ids.length === 0
      ? Promise.resolve([])
      : STATEMENTS.bearing.ask(
          manager,
          asking(
            [clusterId, ids],
            [cluster(caller)],
            seenIn => `select ${columns('p')} from unnest($2::uuid[]) k (id)
          cross join lateral (select * from policy where cluster_id = ${CLUSTER} and id = k.id offset 0) p where ${seenIn}`,
          ),
        ),
});

const reading = (manager: EntityManager, seen: Condition) => ({
  byIds: (keys: readonly PolicyKey[]) =>
    STATEMENTS.byIds.ask(
      manager,
      asking(
        [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id)],
        [seen],
        own => `select ${columns('p')}
      from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
      join policy p on p.cluster_id = k.cluster_id and p.id = k.id where ${own}`,
      ),
    ),
  page: (filter: Condition, request: PageRequest) => {
    const { sql, values } = buildWhere([filter, seen, ...request.conditions]);
    return STATEMENTS.page.rows(
      manager,
      `select ${columns('p')}${cursorColumn(request)}
      from policy p ${sql} ${request.orderBy} limit ${request.fetch}`,
      values,
    );
  },
  count: async (filter: Condition) => {
    const { sql, values } = buildWhere([filter, seen]);
    return (await STATEMENTS.count.row(manager, countText(`from policy p ${sql}`), values)).count;
  },
});

const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] =>
  rows.map(({ id }) => id);

async function keepRevisions(
  manager: EntityManager,
  clusterId: number,
  ids: readonly string[],
): Promise<void> {
  await manager.query(
    `/* policies.closeRevisions */ update policy_revision r set valid_to = p.valid_from
    from policy p where p.cluster_id = ${CLUSTER} and p.id = any($2::uuid[])
      and r.cluster_id = p.cluster_id and r.policy_id = p.id and r.valid_to is null and r.valid_from < p.valid_from`,
    [clusterId, ids],
  );
  await manager.query(
    `/* policies.openRevisions */
    insert into policy_revision (cluster_id, policy_id, valid_from, document, yaml, content_hash, source)
    select cluster_id, id, valid_from, document, yaml, content_hash, source
    from policy where cluster_id = ${CLUSTER} and id = any($2::uuid[])
    on conflict (cluster_id, policy_id, valid_from) do update set document = excluded.document,
      yaml = excluded.yaml, content_hash = excluded.content_hash, valid_to = null`,
    [clusterId, ids],
  );
}

const PUT = `
  insert into policy as stored (cluster_id, id, source, kind, namespace, name, document, yaml, content_hash, valid_from)
  select $1::int, * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::text[],
    $9::text[], $10::timestamptz[])
  on conflict (cluster_id, id) do update set document = excluded.document, yaml = excluded.yaml,
    content_hash = excluded.content_hash, valid_from = excluded.valid_from, ended_at = null
  where stored.content_hash <> excluded.content_hash or stored.ended_at is not null
  returning id`;

export const policyStore = (manager: EntityManager, caller: Caller): PolicyStore => ({
  ...computing(manager, caller),
  ...reading(manager, visible(caller, { clusterId: 'p.cluster_id', namespace: 'p.namespace' })),
  put: async (clusterId, policies) => {
    const changed = idsOf(
      await STATEMENTS.put.rows(manager, PUT, [
        clusterId,
        policies.map(row => row.id),
        policies.map(row => row.source),
        policies.map(row => row.kind),
        policies.map(row => row.namespace),
        policies.map(row => row.name),
        policies.map(row => JSON.stringify(row.document)),
        policies.map(row => row.yaml),
        policies.map(row => row.contentHash),
        policies.map(row => row.validFrom),
      ]),
    );
    if (changed.length > 0) await keepRevisions(manager, clusterId, changed);
    return changed;
  },
  analyze: async () => {
    await manager.query('/* policies.analyze */ analyze policy, policy_revision');
  },
  end: async (clusterId, ids, at) => {
    const rows = await STATEMENTS.end.rows(
      manager,
      `with ended as (
        update policy set ended_at = $3::timestamptz
        where cluster_id = ${CLUSTER} and id = any($2::uuid[]) and ended_at is null returning id),
      closed as (update policy_revision set valid_to = $3::timestamptz
        where cluster_id = ${CLUSTER} and policy_id in (select id from ended) and valid_to is null)
      select id from ended`,
      [clusterId, ids, at],
    );
    return idsOf(rows);
  },
});
