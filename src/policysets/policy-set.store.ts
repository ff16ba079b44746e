import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { scopeKey } from '../access/scope.js';
import { madeWithin } from '../access/visible.js';
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
import { policySetId } from '../enforcement/policy.js';
import { asking, type Condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { COUNTED } from '../query/page.js';
import {
  type PolicySet,
  type PolicySetItem,
  PolicySetOrigin,
  type StoredRule,
} from './policy-set.js';

export type PolicySetKey = { readonly clusterId: number; readonly id: string };

export type ItemOfSet = PolicySetItem & {
  readonly clusterId: number;
  readonly policySetId: string;
};

export type PolicySetStore = {
  /** The next version of that name under the caller's scope, and its id; two writers of one cluster wait for each other here. */
  nextVersion(clusterId: number, name: string): Promise<Pick<PolicySet, 'id' | 'version'>>;
  /** The latest version of that name, of those made under the caller's scope. */
  newest(clusterId: number, name: string): Promise<PolicySet | null>;
  insert(set: PolicySet, items: readonly PolicySetItem[]): Promise<void>;
  byIds(keys: readonly PolicySetKey[]): Promise<readonly PolicySet[]>;
  /** With their policies; sets of others' scopes stay. Answers how many went. */
  remove(keys: readonly PolicySetKey[]): Promise<number>;
  /** The latest version of that name, of those made under the caller's scope. */
  latest(cluster: string, name: string): Promise<PolicySet | null>;
  /** In the order of positions. */
  itemsOf(keys: readonly PolicySetKey[]): Promise<readonly ItemOfSet[]>;
};

/** Of `COLUMNS`. */
export const SET: Columns<PolicySet> = {
  clusterId: int4,
  id: uuid,
  name: text,
  version: int4,
  origin: oneOf(PolicySetOrigin),
  createdAt: text,
  request: jsonb<unknown>(),
};

const STATEMENTS = {
  nextVersion: statement('policySets.nextVersion', { version: int4 }),
  byIds: statement('policySets.byIds', SET),
  remove: statement('policySets.remove', COUNTED),
  latest: statement('policySets.latest', SET),
  newest: statement('policySets.newest', SET),
  itemsOf: statement<ItemOfSet>('policySets.itemsOf', {
    clusterId: int4,
    policySetId: uuid,
    position: int4,
    kind: text,
    namespace: nullable(text),
    name: text,
    deploymentId: nullable(uuid),
    yaml: text,
    rules: jsonb<readonly StoredRule[]>(),
  }),
} as const;

/** Of a row `p`. */
export const COLUMNS = `p.cluster_id as "clusterId", p.id, p.name, p.version, p.origin, p.request,
  ${dateTimeText('p.created_at')} as "createdAt"`;

const ITEM_COLUMNS = `i.cluster_id as "clusterId", i.policy_set_id as "policySetId", i.position, i.kind, i.namespace,
  i.name, i.deployment_id as "deploymentId", i.yaml, i.rules`;

const keysOf = (keys: readonly PolicySetKey[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ id }) => id),
];

async function insertSet(manager: EntityManager, set: PolicySet, scope: string): Promise<void> {
  await manager.query(
    `/* policySets.insert */ insert into policy_set (cluster_id, id, name, version, origin, created_at, request, scope)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      set.clusterId,
      set.id,
      set.name,
      set.version,
      set.origin,
      set.createdAt,
      JSON.stringify(set.request),
      scope,
    ],
  );
}

/** A statement has at most 65,535 parameters. */
const ITEMS_AT_ONCE = 1_000;

const cellsOf = (row: PolicySetItem): readonly unknown[] => [
  row.position,
  row.kind,
  row.namespace,
  row.name,
  row.deploymentId,
  row.yaml,
  JSON.stringify(row.rules),
];

/** Each cell is a parameter of its own: in an array every character of the texts would be looked at, on both sides. */
async function insertItems(
  manager: EntityManager,
  { clusterId, id }: PolicySet,
  items: readonly PolicySetItem[],
): Promise<void> {
  for (let first = 0; first < items.length; first += ITEMS_AT_ONCE) {
    const rows = items.slice(first, first + ITEMS_AT_ONCE).map(cellsOf);
    const places = rows.map((cells, row) => {
      const numbers = cells.map((_, cell) => `$${3 + row * cells.length + cell}`);
      return `($1, $2, ${numbers.join(', ')})`;
    });
    await manager.query(
      `/* policySets.insertItems */
      insert into policy_set_item (cluster_id, policy_set_id, position, kind, namespace, name, deployment_id, yaml, rules)
      values ${places.join(', ')}`,
      [clusterId, id, ...rows.flat()],
    );
  }
}

async function nextVersion(
  manager: EntityManager,
  scope: string,
  { clusterId, name }: Pick<PolicySet, 'clusterId' | 'name'>,
): Promise<Pick<PolicySet, 'id' | 'version'>> {
  await manager.query('/* policySets.lock */ select pg_advisory_xact_lock(hashtext($1), $2::int)', [
    'policy set versions',
    clusterId,
  ]);
  const { version } = await STATEMENTS.nextVersion.row(
    manager,
    `select coalesce(max(x.version), 0) + 1 as version from (
      select version from policy_set where cluster_id = $1 and name = $2 and scope = $3
      union all select version from policy_set_gone where cluster_id = $1 and name = $2 and scope = $3) x`,
    [clusterId, name, scope],
  );
  return { version, id: policySetId(name, version, scope) };
}

/** Their numbers stay taken. */
const REMOVE = (own: string): string => `with gone as (
    delete from policy_set p using unnest($1::int[], $2::uuid[]) k (cluster_id, id)
    where p.cluster_id = k.cluster_id and p.id = k.id and ${own}
    returning p.cluster_id, p.name, p.scope, p.version),
  kept as (
    insert into policy_set_gone (cluster_id, name, scope, version)
    select cluster_id, name, scope, max(version) from gone group by 1, 2, 3
    on conflict (cluster_id, name, scope) do update set version = greatest(policy_set_gone.version, excluded.version))
  select count(*)::int as count from gone`;

async function remove(
  manager: EntityManager,
  seen: Condition,
  keys: readonly PolicySetKey[],
): Promise<number> {
  const items = asking(
    keysOf(keys),
    [seen],
    own => `/* policySets.removeItems */ delete from policy_set_item i
    using unnest($1::int[], $2::uuid[]) k (cluster_id, id), policy_set p
    where i.cluster_id = k.cluster_id and i.policy_set_id = k.id and p.cluster_id = k.cluster_id and p.id = k.id and ${own}`,
  );
  await manager.query(items.sql, [...items.values]);
  return (
    (await STATEMENTS.remove.ask(manager, asking(keysOf(keys), [seen], REMOVE)))[0]?.count ?? 0
  );
}

export const policySetStore = (manager: EntityManager, caller: Caller): PolicySetStore => {
  const seen = madeWithin(caller, { clusterId: 'p.cluster_id', scope: 'p.scope' });
  const scope = scopeKey(caller);
  return {
    nextVersion: (clusterId, name) => nextVersion(manager, scope, { clusterId, name }),
    newest: async (clusterId, name) => {
      const [row = null] = await STATEMENTS.newest.rows(
        manager,
        `select ${COLUMNS} from policy_set p where p.cluster_id = $1 and p.name = $2 and p.scope = $3
        order by p.version desc limit 1`,
        [clusterId, name, scope],
      );
      return row;
    },
    insert: async (set, items) => {
      await insertSet(manager, set, scope);
      await insertItems(manager, set, items);
    },
    remove: keys => remove(manager, seen, keys),
    byIds: keys =>
      STATEMENTS.byIds.ask(
        manager,
        asking(
          keysOf(keys),
          [seen],
          own => `select ${COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
        join policy_set p on p.cluster_id = k.cluster_id and p.id = k.id where ${own}`,
        ),
      ),
    latest: async (cluster, name) => {
      const [row = null] = await STATEMENTS.latest.ask(
        manager,
        asking(
          [cluster, name, scope],
          [seen],
          own => `select ${COLUMNS} from policy_set p join cluster c on c.id = p.cluster_id
        where c.name = $1 and p.name = $2 and p.scope = $3 and ${own} order by p.version desc limit 1`,
        ),
      );
      return row;
    },
    itemsOf: keys =>
      STATEMENTS.itemsOf.ask(
        manager,
        asking(
          keysOf(keys),
          [seen],
          own => `select ${ITEM_COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
        join policy_set p on p.cluster_id = k.cluster_id and p.id = k.id
        join policy_set_item i on i.cluster_id = k.cluster_id and i.policy_set_id = k.id
        where ${own} order by i.cluster_id, i.policy_set_id, i.position`,
        ),
      ),
  };
};
