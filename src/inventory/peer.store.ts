import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { maskedPeers, withItems } from '../access/masked.js';
import { inClusters } from '../access/visible.js';
import { bool, statement, uuid } from '../database/row.js';
import { CLUSTER, inTurns, plainArray } from '../database/statement.js';
import { sql, value } from '../query/condition.js';
import type { RowKey } from '../query/row-key.js';
import { type DeploymentStore, deploymentStore } from './deployment.store.js';
import { type ExternalStore, externalStore } from './external.store.js';
import { namespaceId } from './identity.js';
import type { Merger } from './merger.js';
import { namespaceLabels } from './namespace.js';
import { type Peer, PeerKind } from './peer.js';
import { peerColumns, SOME_OF_PEER } from './peer-columns.js';
import { type PeerLookupStore, peerLookupStore } from './peer-lookup.store.js';
import { type ToldLabelSetStore, toldLabelSetStore } from './told-label-set.store.js';
import { versionStore } from './versions.store.js';

/** A peer, and the id that was asked for: another one where that became an alias. */
type FoundPeer = Peer & { readonly askedId: string };

export type PeerStore = DeploymentStore &
  ExternalStore &
  PeerLookupStore &
  ToldLabelSetStore & {
    /**
     * Stores peers that flows tell of, and their namespaces. What is stored stays; labels and ports are filled in
     * while no snapshot has shown any.
     * @param peers without doubles
     * A deployment that is new or other makes a new version of the facts.
     * @returns the ids of those that are new, or whose labels or ports changed
     */
    ensure(clusterId: number, peers: readonly Peer[]): Promise<readonly string[]>;
    /** Follows aliases. Whoever is outside of the caller's scope has the kind MASKED, and nothing but its id. */
    byIds(
      keys: readonly RowKey[],
      /** What is read of each row; everything where it is left out. */
      columns?: readonly (keyof Peer)[],
    ): Promise<readonly FoundPeer[]>;
    /**
     * Makes peers aliases of others, and moves what this room has of them. Flows and whatever else
     * refers to them is moved by the rooms above.
     * @param pairs each `from` once; no `to` is a `from`
     * @returns the ids that were no aliases of it before
     */
    mergePairs(clusterId: number, pairs: readonly Merger[]): Promise<readonly string[]>;
    /** The same with one target. */
    merge(clusterId: number, fromIds: readonly string[], toId: string): Promise<readonly string[]>;
  };

type Written = { readonly id: string; readonly known: boolean };

const STATEMENTS = {
  ensure: statement<Written>('peers.ensure', { id: uuid, known: bool }),
  byIds: statement<FoundPeer>(
    'peers.byIds',
    { ...SOME_OF_PEER, askedId: uuid },
    { keepsPlan: true },
  ),
  merge: statement('peers.merge', { id: uuid }),
} as const;

const byId = (one: { readonly id: string }, other: { readonly id: string }): number =>
  one.id < other.id ? -1 : 1;

/** Rows are written in the order of their ids, so that two writers take their locks in one order. */
const json = (rows: readonly { readonly id: string }[]): string =>
  JSON.stringify(rows.toSorted(byId));

const impliedNamespaces = (peers: readonly Peer[]) =>
  [...new Set(peers.flatMap(({ namespace }) => namespace ?? []))].map(name => ({
    id: namespaceId(name),
    name,
    labels: namespaceLabels(name, {}),
  }));

const COLUMNS = `cluster_id, id, kind, natural_key, name, namespace, workload_kind, labels, ports, host_network,
  inferred, address, cidr, dns_name, entity, reason, first_seen_at`;

const ROWS = `json_to_recordset($2::json) as x (id uuid, kind text, "naturalKey" text, name text, namespace text,
  "workloadKind" text, labels jsonb, ports jsonb, "hostNetwork" boolean, inferred boolean, address inet, cidr cidr,
  "dnsName" text, entity text, reason text, "firstSeenAt" timestamptz)`;

/** While nothing but flows has told of a deployment, the newest that they tell is the truth. */
const UNSHOWN = `(stored.inferred and stored.alias_of is null and not exists (select from deployment_revision r
  where r.cluster_id = stored.cluster_id and r.deployment_id = stored.id))`;

/** Labels of those that flows alone tell of are settled by `tellLabelSets`. */
const LABELS_FILLED = 'labels = coalesce(stored.labels, excluded.labels)';

const filled = (column: string): string =>
  `${column} = case when stored.${column} is null or ${UNSHOWN}
    then coalesce(excluded.${column}, stored.${column}) else stored.${column} end`;

/** Of one outside that is known by its address the first name in the alphabet is shown, whatever came first. */
const NAMED = `(excluded.dns_name is not null and stored.address is not null and stored.entity is null
    and (stored.dns_name is null or excluded.dns_name collate "C" < stored.dns_name))`;

const news = (column: string): string =>
  `(excluded.${column} is distinct from stored.${column} and excluded.${column} is not null
    and (stored.${column} is null or ${UNSHOWN}))`;

// Namespaces are locked before peers, as an import does it: two that write both must not wait for each other. What was there is
// kept apart (`materialized`): else it was made anew for each row written, and 24,000 new peers took more than 30 s.
const ENSURE = `
  with before as materialized (
    select p.id, p.labels, p.ports from ${ROWS}
    cross join lateral (select id, labels, ports from peer where cluster_id = ${CLUSTER} and id = x.id offset 0) p
  ), implied as (
    insert into namespace (cluster_id, id, name, labels, inferred)
    select $1, n.id, n.name, n.labels, true
    from json_to_recordset($3::json) as n (id uuid, name text, labels jsonb)
    on conflict do nothing
    returning 1
  ), written as (
    insert into peer as stored (${COLUMNS})
    select $1, x.* from ${ROWS} cross join (select count(*) from implied) namespaces_first
    on conflict (cluster_id, id) do update set
      ${LABELS_FILLED}, ${filled('ports')}, ${filled('host_network')},
      dns_name = case when ${NAMED} then excluded.dns_name else stored.dns_name end,
      name = case when ${NAMED} then excluded.name else stored.name end,
      first_seen_at = least(stored.first_seen_at, excluded.first_seen_at)
    where ${NAMED} or excluded.first_seen_at < coalesce(stored.first_seen_at, 'infinity')
      or stored.labels is null and excluded.labels is not null or ${news('ports')} or ${news('host_network')}
    returning stored.id, stored.labels, stored.ports
  )
  select w.id, b.id is not null as known from written w left join before b on b.id = w.id
  where b.id is null or b.labels is distinct from w.labels or b.ports is distinct from w.ports`;

const ids = (rows: readonly { readonly id: string }[]): readonly string[] =>
  rows.map(({ id }) => id);

const MERGE = `
  with pairs as (
    select * from unnest($2::uuid[], $3::uuid[]) m (from_id, to_id) where from_id <> to_id
  ), moved as (
    update peer p set alias_of = m.to_id from pairs m
    where p.cluster_id = ${CLUSTER} and m.from_id in (p.id, p.alias_of) and p.id <> m.to_id
      and p.alias_of is distinct from m.to_id
    returning p.id, p.first_seen_at, m.to_id
  ), pods as (
    update pod set deployment_id = m.to_id from pairs m
    where pod.cluster_id = ${CLUSTER} and pod.deployment_id = m.from_id
  ), addresses as (
    update address_book b set peer_id = m.to_id from pairs m
    where b.cluster_id = ${CLUSTER} and b.peer_id = m.from_id
  ), seen as (
    update peer p set first_seen_at = least(p.first_seen_at, e.earliest)
    from (select to_id, min(first_seen_at) as earliest from moved group by to_id) e
    where p.cluster_id = ${CLUSTER} and p.id = e.to_id
  )
  select id from moved`;

/** Each looked up: a join would read all peers where nobody has analysed them. */
const BY_IDS = `cross join lateral (
    select cluster_id, id, alias_of from peer where cluster_id = k.cluster_id and id = k.id offset 0) asked
  cross join lateral (
    select * from peer where cluster_id = asked.cluster_id and id = coalesce(asked.alias_of, asked.id) offset 0) p`;

/** Deployments are facts: what is new or other of them makes a new version, and what is other new verdicts. */
async function tellDeployments(
  manager: EntityManager,
  clusterId: number,
  peers: readonly Peer[],
  written: readonly Written[],
): Promise<void> {
  const kinds = new Map(peers.map(({ id, kind }) => [id, kind]));
  const deployments = written.filter(({ id }) => kinds.get(id) === PeerKind.DEPLOYMENT);
  if (deployments.length === 0) return;
  await versionStore(manager).factsChanged(clusterId);
  if (deployments.some(({ known }) => known)) await versionStore(manager).verdictsDue(clusterId);
}

export const peerStore = (manager: EntityManager, caller: Caller): PeerStore => {
  const mergePairs: PeerStore['mergePairs'] = async (clusterId, pairs) =>
    ids(
      await STATEMENTS.merge.rows(manager, MERGE, [
        clusterId,
        pairs.map(({ from }) => from),
        pairs.map(({ to }) => to),
      ]),
    );
  return {
    ...deploymentStore(manager, caller),
    ...externalStore(manager, caller),
    ...toldLabelSetStore(manager),
    ...peerLookupStore(manager, caller),
    ensure: async (clusterId, peers) => {
      // All of them come before the first peer.
      let implied = impliedNamespaces(peers);
      const written = await inTurns(peers, some => {
        const parameters = [clusterId, json(some), json(implied)];
        implied = [];
        return STATEMENTS.ensure.rows(manager, ENSURE, parameters);
      });
      await tellDeployments(manager, clusterId, peers, written);
      return ids(written);
    },
    byIds: (keys, columns) =>
      STATEMENTS.byIds.ask(
        manager,
        withItems(
          maskedPeers(caller),
          sql`select asked.id as "askedId", ${peerColumns('p', columns)}
          from unnest(${value(
            'int[]',
            plainArray(keys, ({ clusterId }) => clusterId),
          )},
            ${value(
              'uuid[]',
              plainArray(keys, ({ id }) => id),
            )}) k (cluster_id, id)
          ${BY_IDS} where ${inClusters(caller, 'p.cluster_id')}`,
        ),
      ),
    mergePairs,
    merge: (clusterId, fromIds, toId) =>
      mergePairs(
        clusterId,
        fromIds.map(from => ({ from, to: toId })),
      ),
  };
};
