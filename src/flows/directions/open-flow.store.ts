import type { EntityManager } from 'typeorm';
import { bool, int2, int4, ints, nullable, statement, text, uuid } from '../../database/row.js';
import { CLUSTER, inTurns, plainArray } from '../../database/statement.js';
import type { FlowEnd, OpenFlow } from './open-flow.js';

/** An open flow as it is stored. */
export type StoredOpenFlow = OpenFlow & {
  /** It is taken for a reply: no list shows it. */
  readonly isAside: boolean;
  readonly isKnown: boolean;
  readonly basis: string | null;
};

export type NewDirection = {
  readonly id: string;
  readonly isKnown: boolean;
  readonly basis: string;
};

/** Whether a cluster has open flows in the lists, and flows that stand aside. */
export type Standing = { readonly open: boolean; readonly aside: boolean };

/** All of it wants the lock on the cluster's flows. */
export type OpenFlowStore = {
  standing(clusterId: number): Promise<Standing>;
  /** Ends that are seen to listen; answers those that were not known. */
  learn(clusterId: number, ends: readonly FlowEnd[]): Promise<readonly FlowEnd[]>;
  /** Those of the ends that were seen to listen. */
  listening(clusterId: number, ends: readonly FlowEnd[]): Promise<readonly FlowEnd[]>;
  /** Open flows that have one of the ends, whichever. */
  at(clusterId: number, ends: readonly FlowEnd[]): Promise<readonly StoredOpenFlow[]>;
  /** All that have one of the peers at an end. */
  ofPeers(clusterId: number, peers: readonly string[]): Promise<readonly StoredOpenFlow[]>;
  /** Those of the flows that are stored, and of which some record proved who asked whom. */
  proven(clusterId: number, flows: readonly string[]): Promise<readonly string[]>;
  /** Those of the flows that are stored and open. */
  open(clusterId: number, flows: readonly string[]): Promise<readonly StoredOpenFlow[]>;
  /** Those of the flows that stand aside. */
  aside(clusterId: number, flows: readonly string[]): Promise<readonly string[]>;
  /** Takes flows out of all lists, with their hours. */
  putAside(clusterId: number, flows: readonly string[]): Promise<void>;
  takeBack(clusterId: number, flows: readonly string[]): Promise<void>;
  /** Flows that are replies for good, wherever they stand. */
  forget(clusterId: number, flows: readonly string[]): Promise<void>;
  setDirections(clusterId: number, flows: readonly NewDirection[]): Promise<void>;
  /** Takes all that stands aside of these peers back. */
  takeBackOf(clusterId: number, peers: readonly string[]): Promise<void>;
  /** Peers have become others. */
  movePeers(
    clusterId: number,
    pairs: readonly { readonly from: string; readonly to: string }[],
  ): Promise<void>;
  /** What was seen 48 hours or more before the newest observation of its cluster is decided for good. */
  closeOld(): Promise<void>;
};

const END = { peerId: uuid, port: int4, protocol: text } as const;

const OPEN_FLOW = {
  id: uuid,
  sourceId: uuid,
  destinationId: uuid,
  port: int4,
  protocol: text,
  sourcePorts: ints,
  hints: int2,
  isAside: bool,
  isKnown: bool,
  basis: nullable(text),
} as const;

const STATEMENTS = {
  standing: statement<Standing>('openFlows.standing', { open: bool, aside: bool }),
  learn: statement<FlowEnd>('openFlows.learn', END),
  listening: statement<FlowEnd>('openFlows.listening', END),
  at: statement<StoredOpenFlow>('openFlows.at', OPEN_FLOW),
  ofPeers: statement<StoredOpenFlow>('openFlows.ofPeers', OPEN_FLOW),
  open: statement<StoredOpenFlow>('openFlows.open', OPEN_FLOW),
  proven: statement<{ readonly id: string }>('openFlows.proven', { id: uuid }),
  aside: statement<{ readonly id: string }>('openFlows.aside', { id: uuid }),
  asideOf: statement<{ readonly id: string }>('openFlows.asideOf', { id: uuid }),
} as const;

const endValues = (clusterId: number, ends: readonly FlowEnd[]): unknown[] => [
  clusterId,
  plainArray(ends, ({ peerId }) => peerId),
  plainArray(ends, ({ port }) => port),
  plainArray(ends, ({ protocol }) => protocol),
];

/** All who write listeners lock them in this order. */
const byPeer = (one: FlowEnd, other: FlowEnd): number =>
  one.peerId === other.peerId ? one.port - other.port : one.peerId < other.peerId ? -1 : 1;

const ENDS = 'unnest($2::uuid[], $3::int[], $4::text[]) k (peer_id, port, protocol)';

const columns = (isAside: boolean): string =>
  `f.id, f.source_id as "sourceId", f.destination_id as "destinationId", f.port, f.protocol,
    f.open_ports as "sourcePorts", f.open_hints as hints, ${isAside} as "isAside",
    f.direction_known as "isKnown", f.direction_basis as basis`;

const lookedUp = (table: string, isAside: boolean, where: string): string =>
  `select ${columns(isAside)}
  from ${ENDS} cross join lateral (
    select * from ${table} where cluster_id = ${CLUSTER} and ${where} and protocol = k.protocol
      and open_ports is not null and port is not null offset 0) f`;

const ASKING = 'source_id = k.peer_id and k.port = any(open_ports)';
const ASKED = 'destination_id = k.peer_id and port = k.port';

const AT = [
  lookedUp('flow', false, ASKING),
  lookedUp('flow', false, ASKED),
  lookedUp('reply_flow', true, ASKING),
  lookedUp('reply_flow', true, ASKED),
].join('\n  union\n  ');

const move = (from: string, to: string, key: string): string =>
  `with gone as (
    delete from ${from} where cluster_id = ${CLUSTER} and ${key} = any($2::uuid[]) returning *)
  insert into ${to} select * from gone`;

const IS_OLD = `c.id = f.cluster_id and f.last_seen_at < least(c.newest_observation_at, now()) - interval '48 hours'`;

type Reads = Pick<
  OpenFlowStore,
  'standing' | 'learn' | 'listening' | 'at' | 'ofPeers' | 'proven' | 'open' | 'aside'
>;

const reads = (manager: EntityManager): Reads => ({
  standing: clusterId =>
    STATEMENTS.standing.row(
      manager,
      `select exists (select from flow where cluster_id = ${CLUSTER} and open_ports is not null) as open,
        exists (select from reply_flow where cluster_id = ${CLUSTER}) as aside`,
      [clusterId],
    ),
  learn: (clusterId, ends) =>
    inTurns(ends.toSorted(byPeer), some =>
      STATEMENTS.learn.rows(
        manager,
        `insert into listener (cluster_id, peer_id, port, protocol)
      select distinct $1::int, k.peer_id, k.port, k.protocol from ${ENDS} order by 2, 3, 4 on conflict do nothing
      returning peer_id as "peerId", port, protocol`,
        endValues(clusterId, some),
      ),
    ),
  listening: (clusterId, ends) =>
    STATEMENTS.listening.rows(
      manager,
      `select l.peer_id as "peerId", l.port, l.protocol from ${ENDS}
      join listener l on l.cluster_id = ${CLUSTER} and l.peer_id = k.peer_id and l.port = k.port and l.protocol = k.protocol`,
      endValues(clusterId, ends),
    ),
  at: (clusterId, ends) => STATEMENTS.at.rows(manager, AT, endValues(clusterId, ends)),
  ofPeers: (clusterId, peers) =>
    STATEMENTS.ofPeers.rows(
      manager,
      `select ${columns(false)} from flow f where f.cluster_id = ${CLUSTER} and f.open_ports is not null and f.port is not null
        and (f.source_id = any($2::uuid[]) or f.destination_id = any($2::uuid[]))
      union all
      select ${columns(true)} from reply_flow f where f.cluster_id = ${CLUSTER}
        and (f.source_id = any($2::uuid[]) or f.destination_id = any($2::uuid[]))`,
      [clusterId, peers],
    ),
  open: (clusterId, flows) =>
    STATEMENTS.open.rows(
      manager,
      `select ${columns(false)} from unnest($2::uuid[]) k (id) join lateral (
        select * from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f on f.open_ports is not null and f.port is not null
      where exists (select from flow where cluster_id = ${CLUSTER} and open_ports is not null)
      union all
      select ${columns(true)} from unnest($2::uuid[]) k (id) cross join lateral (
        select * from reply_flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f
      where exists (select from reply_flow where cluster_id = ${CLUSTER})`,
      [clusterId, flows],
    ),
  proven: async (clusterId, flows) => {
    if (flows.length === 0) return [];
    const rows = await STATEMENTS.proven.rows(
      manager,
      `select f.id from unnest($2::uuid[]) k (id) join lateral (
        select id, open_ports from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f on f.open_ports is null`,
      [clusterId, flows],
    );
    return rows.map(({ id }) => id);
  },
  aside: async (clusterId, flows) => {
    const rows = await STATEMENTS.aside.rows(
      manager,
      `select f.id from unnest($2::uuid[]) k (id) join reply_flow f on f.cluster_id = ${CLUSTER} and f.id = k.id
      where exists (select from reply_flow where cluster_id = ${CLUSTER})`,
      [clusterId, flows],
    );
    return rows.map(({ id }) => id);
  },
});

/** Tables, and what names the flow in them. */
const PLACES = [
  ['flow', 'id'],
  ['flow_hour', 'flow_id'],
  ['reply_flow', 'id'],
  ['reply_hour', 'flow_id'],
] as const;

type Run = (sql: string, values?: readonly unknown[]) => Promise<void>;

const moves = (run: Run): Pick<OpenFlowStore, 'putAside' | 'takeBack' | 'forget'> => ({
  putAside: async (clusterId, flows) => {
    if (flows.length === 0) return;
    await run(`/* openFlows.putAside */ ${move('flow', 'reply_flow', 'id')}`, [clusterId, flows]);
    await run(`/* openFlows.putHoursAside */ ${move('flow_hour', 'reply_hour', 'flow_id')}`, [
      clusterId,
      flows,
    ]);
  },
  takeBack: async (clusterId, flows) => {
    if (flows.length === 0) return;
    await run(`/* openFlows.takeBack */ ${move('reply_flow', 'flow', 'id')}`, [clusterId, flows]);
    await run(`/* openFlows.takeHoursBack */ ${move('reply_hour', 'flow_hour', 'flow_id')}`, [
      clusterId,
      flows,
    ]);
  },
  forget: async (clusterId, flows) => {
    if (flows.length === 0) return;
    for (const [table, key] of PLACES)
      await run(
        `/* openFlows.forget */ delete from ${table} where cluster_id = ${CLUSTER} and ${key} = any($2::uuid[])`,
        [clusterId, flows],
      );
  },
});

const closings = (run: Run): Pick<OpenFlowStore, 'setDirections' | 'movePeers' | 'closeOld'> => ({
  setDirections: async (clusterId, flows) => {
    if (flows.length === 0) return;
    await run(
      `/* openFlows.setDirections */ update flow f set direction_known = x.known, direction_basis = x.basis
      from unnest($2::uuid[], $3::boolean[], $4::text[]) x (id, known, basis)
      where f.cluster_id = ${CLUSTER} and f.id = x.id and f.open_ports is not null`,
      [
        clusterId,
        plainArray(flows, ({ id }) => id),
        plainArray(flows, ({ isKnown }) => isKnown),
        plainArray(flows, ({ basis }) => basis),
      ],
    );
  },
  movePeers: (clusterId, pairs) =>
    run(
      `/* openFlows.movePeers */ with gone as (delete from listener l using unnest($2::uuid[], $3::uuid[]) m (old, new)
        where l.cluster_id = ${CLUSTER} and l.peer_id = m.old returning m.new, l.port, l.protocol)
      insert into listener (cluster_id, peer_id, port, protocol)
      select distinct $1::int, new, port, protocol from gone on conflict do nothing`,
      [clusterId, pairs.map(({ from }) => from), pairs.map(({ to }) => to)],
    ),
  closeOld: async () => {
    await run(`/* openFlows.forgetOldHours */ delete from reply_hour h using reply_flow f, cluster c
      where h.cluster_id = f.cluster_id and h.flow_id = f.id and ${IS_OLD}`);
    await run(`/* openFlows.forgetOld */ delete from reply_flow f using cluster c where ${IS_OLD}`);
    await run(`/* openFlows.closeOld */ update flow f set open_ports = null, open_hints = null from cluster c
      where ${IS_OLD} and f.open_ports is not null`);
  },
});

export function openFlowStore(manager: EntityManager): OpenFlowStore {
  const run: Run = async (sql, values = []) => {
    await manager.query(sql, [...values]);
  };
  const { takeBack, ...moving } = moves(run);
  return {
    ...reads(manager),
    ...moving,
    ...closings(run),
    takeBack,
    takeBackOf: async (clusterId, peers) => {
      const rows = await STATEMENTS.asideOf.rows(
        manager,
        `select id from reply_flow where cluster_id = ${CLUSTER}
          and (source_id = any($2::uuid[]) or destination_id = any($2::uuid[]))`,
        [clusterId, peers],
      );
      await takeBack(
        clusterId,
        rows.map(({ id }) => id),
      );
    },
  };
}
