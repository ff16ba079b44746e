import type { EntityManager } from 'typeorm';
import { bool, statement, uuid } from '../../database/row.js';
import { CLUSTER, unnest } from '../../database/statement.js';
import { ofPeer } from '../flow-peers.js';

/** A name that a client was told for an address, and the time in which it holds (ISO text). */
export type DnsName = {
  /** A peer. */
  readonly clientId: string;
  readonly address: string;
  readonly name: string;
  readonly from: string;
  readonly until: string;
};

/** A peer outside that is known by its address, and one that called it. */
export type Call = { readonly clientId: string; readonly outsideId: string };

export type DnsAnswerStore = {
  /** Whether any client of the cluster was told a name. */
  hasAny(clusterId: number): Promise<boolean>;
  /** Keeps names; one that is known holds for both times and what lies between. */
  learn(clusterId: number, names: readonly DnsName[]): Promise<void>;
  /**
   * Peers outside have the first name in the alphabet of those that clients of them were told for their address at a time at
   * which they called.
   * @returns those that have another name now
   */
  nameOutside(clusterId: number, calls: readonly Call[]): Promise<readonly string[]>;
  /** Clients have turned out to be others. */
  moveClients(
    clusterId: number,
    pairs: readonly { readonly from: string; readonly to: string }[],
  ): Promise<void>;
};

const STATEMENTS = {
  hasAny: statement('dnsAnswers.hasAny', { is: bool }),
  nameOutside: statement('dnsAnswers.nameOutside', { id: uuid }),
} as const;

const LEARN = (from: string): string => `/* dnsAnswers.learn */
  insert into dns_answer as known (cluster_id, client_id, address, name, valid_from, valid_to)
  select $1::int, a.client_id, a.address, a.name, min(a.valid_from), max(a.valid_to) from ${from}
  group by a.client_id, a.address, a.name order by a.client_id, a.address, a.name
  on conflict (cluster_id, client_id, address, name) do update set
    valid_from = least(known.valid_from, excluded.valid_from), valid_to = greatest(known.valid_to, excluded.valid_to)
  where excluded.valid_from < known.valid_from or excluded.valid_to > known.valid_to`;

const MOVE = `/* dnsAnswers.moveClients */
  with gone as (
    delete from dns_answer a using unnest($2::uuid[], $3::uuid[]) m (old, new)
    where a.cluster_id = ${CLUSTER} and a.client_id = m.old returning m.new, a.address, a.name, a.valid_from, a.valid_to
  ) insert into dns_answer as known (cluster_id, client_id, address, name, valid_from, valid_to)
  select $1::int, new, address, name, min(valid_from), max(valid_to) from gone group by new, address, name
  on conflict (cluster_id, client_id, address, name) do update set
    valid_from = least(known.valid_from, excluded.valid_from), valid_to = greatest(known.valid_to, excluded.valid_to)`;

/** Each looked up by its keys: a join would read whole tables where nobody has analysed them. */
const NAME_OUTSIDE = (from: string): string => `with told as materialized (
    select p.id, min(n.name collate "C") as name
    from (select distinct c.client_id, c.outside_id from ${from}) c
    join lateral (select * from peer where cluster_id = ${CLUSTER} and id = c.outside_id offset 0) p
      on p.kind = 'EXTERNAL' and p.address is not null and p.entity is null and p.alias_of is null
    cross join lateral (select name, valid_from, valid_to from dns_answer
      where cluster_id = ${CLUSTER} and client_id = c.client_id and address = p.address offset 0) n
    where exists (select from flow f where f.cluster_id = ${CLUSTER} and ${ofPeer('f.source_id', 'c.client_id')} and f.destination_id = c.outside_id
      and f.first_seen_at < n.valid_to and f.last_seen_at >= n.valid_from)
    group by p.id
  ) update peer p set dns_name = told.name, name = told.name from told
  where p.cluster_id = ${CLUSTER} and p.id = told.id and (p.dns_name is null or p.dns_name collate "C" > told.name)
  returning p.id`;

export const dnsAnswerStore = (manager: EntityManager): DnsAnswerStore => ({
  hasAny: async clusterId =>
    (
      await STATEMENTS.hasAny.row(
        manager,
        'select exists (select from dns_answer where cluster_id = $1) as is',
        [clusterId],
      )
    ).is,
  learn: async (clusterId, names) => {
    const { from, values } = unnest(
      names,
      'a',
      {
        client_id: ['uuid', row => row.clientId],
        address: ['inet', row => row.address],
        name: ['text', row => row.name],
        valid_from: ['timestamptz', row => row.from],
        valid_to: ['timestamptz', row => row.until],
      },
      2,
    );
    await manager.query(LEARN(from), [clusterId, ...values]);
  },
  nameOutside: async (clusterId, calls) => {
    const { from, values } = unnest(
      calls,
      'c',
      {
        client_id: ['uuid', row => row.clientId],
        outside_id: ['uuid', row => row.outsideId],
      },
      2,
    );
    const rows = await STATEMENTS.nameOutside.rows(manager, NAME_OUTSIDE(from), [
      clusterId,
      ...values,
    ]);
    return rows.map(({ id }) => id);
  },
  moveClients: async (clusterId, pairs) => {
    await manager.query(MOVE, [
      clusterId,
      pairs.map(({ from }) => from),
      pairs.map(({ to }) => to),
    ]);
  },
});
