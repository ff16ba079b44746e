import type { EntityManager } from 'typeorm';
import { statement } from '../database/row.js';
import { CLUSTER, unnest } from '../database/statement.js';
import { COUNTED } from '../query/page.js';
import type { Holder } from './address.js';

/** What a snapshot shows of the addresses of one pod, Service or node. */
export type Claim = {
  readonly holder: Holder;
  readonly holderName: string;
  readonly peerId: string | null;
  readonly addresses: readonly string[];
  /** Since when; null where nothing tells, then since the snapshot. */
  readonly since: string | null;
  readonly ended: boolean;
  /** When an ended one ended; null where nothing tells, then at the snapshot. */
  readonly until: string | null;
};

export type AddressBookStore = {
  /**
   * Writes claims of a snapshot taken at `at`: holders let go of what they no longer hold, and a pod that takes an
   * address ends the interval of the pod that had it.
   * @returns how many entries began or ended
   */
  claim(clusterId: number, at: string, claims: readonly Claim[]): Promise<number>;
  /** Entries of Services point at the one deployment behind them; at none where there are several. */
  assignServices(clusterId: number): Promise<number>;
};

const RELEASE = (claims: string, held: string): string => `
  with released as (
    update address_book b
    set valid_to = greatest(b.valid_from, case when c.ended then coalesce(c.until, $2::timestamptz)
      when c.since > b.valid_from and c.since <= $2::timestamptz then c.since else $2::timestamptz end)
    from ${claims}
    where b.cluster_id = ${CLUSTER} and b.holder = c.holder and b.holder_name = c.holder_name
      and b.valid_to is null and b.valid_from <= $2::timestamptz
      and (c.ended or not exists (select from ${held}
        where h.holder = b.holder and h.holder_name = b.holder_name and h.address = b.address))
    returning 1
  ) select count(*)::int as count from released`;

/**
 * An entry ends where the next pod's begins; Services may share an address, so that theirs do not. `known` is read
 * as a whole first: asked row by row while the insert goes on, 12,000 rows took 20 s instead of 0.4.
 */
const HOLD = (held: string): string => `
  with known as materialized (
    select address, holder, holder_name, valid_from, valid_to from address_book
    where cluster_id = ${CLUSTER} and address = any($2::inet[])
  ), held as (
    select distinct on (h.address, h.holder, h.holder_name) h.* from ${held}
    order by h.address, h.holder, h.holder_name, h.since
  ), fresh as materialized (
    select h.*, min(n.valid_from) as next_from
    from held h
    left join known n on n.address = h.address and n.holder = h.holder and n.valid_from > h.since
      and (h.holder = 'POD' or n.holder_name = h.holder_name)
    where not exists (select from known b where b.address = h.address and b.holder = h.holder
      and b.holder_name = h.holder_name and b.valid_from <= h.since
      and (b.valid_to is null or b.valid_to > h.since))
    group by h.address, h.holder, h.holder_name, h.peer_id, h.since, h.until, h.start_known
  ), superseded as (
    update address_book b set valid_to = f.since from fresh f
    where b.cluster_id = ${CLUSTER} and b.address = f.address and b.holder = 'POD' and f.holder = 'POD'
      and b.holder_name <> f.holder_name and b.valid_from < f.since
      and (b.valid_to is null or b.valid_to > f.since)
  ), written as (
    insert into address_book (cluster_id, address, holder, holder_name, valid_from, valid_to, peer_id, start_known)
    select $1, f.address, f.holder, f.holder_name, f.since, least(f.until, f.next_from), f.peer_id, f.start_known
    from fresh f
    where f.until is null or f.until > f.since
    on conflict do nothing
    returning 1
  ) select count(*)::int as count from written`;

const ASSIGN = `
  with backing as materialized (
    select s.namespace || '/' || s.name as holder_name,
      case when count(p.id) = 1 then min(p.id::text)::uuid end as peer_id
    from service s
    left join lateral (select * from peer where cluster_id = s.cluster_id and namespace = s.namespace offset 0) p
      on p.kind = 'DEPLOYMENT' and p.alias_of is null and p.ended_at is null and (p.labels @> s.selector or exists (
        select from deployment_label_set d join label_set l on l.cluster_id = d.cluster_id and l.id = d.label_set_id
        where d.cluster_id = p.cluster_id and d.deployment_id = p.id and d.valid_to is null
          and s.selector <> '{}' and l.labels @> s.selector))
    where s.cluster_id = ${CLUSTER} and s.ended_at is null
    group by s.namespace, s.name
  ), assigned as (
    update address_book b set peer_id = x.peer_id from backing x
    where b.cluster_id = ${CLUSTER} and b.holder = 'SERVICE' and b.holder_name = x.holder_name and b.valid_to is null
      and b.peer_id is distinct from x.peer_id
    returning 1
  ) select count(*)::int as count from assigned`;

type Held = {
  readonly claim: Claim;
  readonly address: string;
  readonly since: string;
  readonly until: string | null;
};

const heldOf = (claims: readonly Claim[], at: string): readonly Held[] =>
  claims
    // Of an ended pod that nothing tells the end of, nobody knows until when it held its address.
    .filter(({ ended, until }) => !ended || until !== null)
    .flatMap(claim =>
      claim.addresses.map(address => ({
        claim,
        address,
        since: claim.since ?? at,
        until: claim.until,
      })),
    );

const HELD_COLUMNS = {
  address: ['inet', (row: Held) => row.address],
  holder: ['text', (row: Held) => row.claim.holder],
  holder_name: ['text', (row: Held) => row.claim.holderName],
  peer_id: ['uuid', (row: Held) => row.claim.peerId],
  since: ['timestamptz', (row: Held) => row.since],
  until: ['timestamptz', (row: Held) => row.until],
  start_known: ['boolean', (row: Held) => row.claim.since !== null],
} as const;

const STATEMENTS = {
  release: statement('snapshots.releaseAddresses', COUNTED),
  hold: statement('snapshots.holdAddresses', COUNTED),
  assign: statement('snapshots.assignServices', COUNTED),
} as const;

export const addressBookStore = (manager: EntityManager): AddressBookStore => ({
  claim: async (clusterId, at, claims) => {
    if (claims.length === 0) return 0;
    const shown = unnest(
      claims,
      'c',
      {
        holder: ['text', row => row.holder],
        holder_name: ['text', row => row.holderName],
        since: ['timestamptz', row => row.since],
        ended: ['boolean', row => row.ended],
        until: ['timestamptz', row => row.until],
      },
      3,
    );
    const held = heldOf(claims, at);
    const kept = unnest(held, 'h', HELD_COLUMNS, 3 + shown.values.length);
    const released = await STATEMENTS.release.row(manager, RELEASE(shown.from, kept.from), [
      clusterId,
      at,
      ...shown.values,
      ...kept.values,
    ]);
    const begun = unnest(held, 'h', HELD_COLUMNS, 2);
    const written = await STATEMENTS.hold.row(manager, HOLD(begun.from), [
      clusterId,
      ...begun.values,
    ]);
    return released.count + written.count;
  },
  assignServices: async clusterId =>
    (await STATEMENTS.assign.row(manager, ASSIGN, [clusterId])).count,
});
