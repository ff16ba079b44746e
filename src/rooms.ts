// First of all: decorators of every room need it.
import 'reflect-metadata';

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EntityManager } from 'typeorm';
import type { Caller } from './access/caller.js';
import type { AuditKeeping } from './access/checkpoint.js';
import { accessRoom } from './access/room.js';
import { alertsRoom } from './alerts/room.js';
import { baselinesRoom } from './baselines/room.js';
import type { Enter } from './database/presence.js';
import { enforcementRoom } from './enforcement/room.js';
import type { Edge } from './flows/edge.js';
import type { EdgeVerdict } from './flows/ingest/flow.store.js';
import type { PartitionStore } from './flows/ingest/partition.store.js';
import type { RecordedBatch } from './flows/ingest/record.js';
import { flowsRoom } from './flows/room.js';
import type { Route } from './http/routes.js';
import type { ImportStores } from './inventory/inventory-import.js';
import { inventoryRoom } from './inventory/room.js';
import type { ClaimedJob } from './jobs/job.js';
import type { JobEnds } from './jobs/job-ends.js';
import { jobsRoom } from './jobs/room.js';
import type { JobHandler } from './jobs/run-job.js';
import { notifiersRoom, type Outgoing } from './notifiers/room.js';
import { policySetsRoom } from './policysets/room.js';
import { simulationRoom } from './simulation/room.js';

/** Every room that brings something to the server, in the order in which they may import each other. */
export const rooms = [
  accessRoom,
  jobsRoom,
  inventoryRoom,
  flowsRoom,
  baselinesRoom,
  enforcementRoom,
  policySetsRoom,
  simulationRoom,
  alertsRoom,
  notifiersRoom,
] as const;

type Room = (typeof rooms)[number];
type Every<T> = (T extends unknown ? (one: T) => void : never) extends (all: infer A) => void
  ? A
  : never;
type Brought<K extends string> = Every<
  Room extends infer R
    ? R extends { readonly [P in K]: (...given: never) => infer B }
      ? B
      : never
    : never
>;

/** What every room answers to the same call, in one object. */
const folded = <T>(parts: readonly object[]): T => Object.assign({}, ...parts) as T;

/** Every table of the database; a test holds them against the migrations. */
export const tables = rooms.flatMap(room => [...room.tables]);

/** Every store, on one connection or transaction, for the eyes of one caller. */
export type Stores = Brought<'stores'>;

export const storesOn = (manager: EntityManager, caller: Caller): Stores =>
  folded(rooms.map(room => room.stores(manager, caller)));

/** What the caller of a request can do. @throws ApiError where it has none */
export type UseCasesFor = (request: IncomingMessage, response: ServerResponse) => Promise<UseCases>;

/** Routes beside GraphQL. */
export const routesOn = (useCasesFor: UseCasesFor): readonly Route[] =>
  rooms.flatMap((room): readonly Route[] => ('routes' in room ? room.routes(useCasesFor) : []));

/** What batches the reads of one request. */
export type Loaders = Brought<'loaders'>;

type Part = Readonly<Record<string, unknown>>;
type Parts = { readonly make: readonly (() => object)[]; readonly made: Part[] };

/** Getters of all loaders by their names, which never change; null until they were made for the first time. */
let readers: object | null = null;

function readersOf(parts: readonly object[]): object {
  const read = (room: number, name: string) =>
    function (this: Parts): unknown {
      this.made[room] ??= this.make[room]?.() as Part;
      return this.made[room]?.[name];
    };
  return Object.defineProperties(
    {},
    folded(
      parts.map((part, room) =>
        Object.fromEntries(Object.keys(part).map(name => [name, { get: read(room, name) }])),
      ),
    ),
  );
}

/** The same as `folded` of all parts, each of which is made when something of it is read. */
function madeWhenAsked(make: Parts['make']): Loaders {
  readers ??= readersOf(make.map(one => one()));
  return Object.assign(Object.create(readers), { make, made: [] } satisfies Parts) as Loaders;
}

/**
 * Those of a room are made when the first of them is asked for: there are some fifty, of which a request asks for a few. To make
 * them all took a twentieth of what a list of a hundred rows takes.
 */
export const loadersOn = (stores: Stores, now: () => Date, useCases: UseCases): Loaders =>
  madeWhenAsked(
    rooms.map(room => () => ('loaders' in room ? room.loaders(stores, now, useCases) : {})),
  );

async function afterRecord(stores: Stores, batch: RecordedBatch): Promise<void> {
  for (const room of rooms) if ('afterRecord' in room) await room.afterRecord(stores, batch);
}

/** Flows whose ends are known otherwise now become others, and whatever refers to them follows. @returns how many */
async function afterShown(stores: Stores, clusterId: number): Promise<number> {
  const { moves, news } = await flowsRoom.recognise(stores, clusterId);
  if (moves.length === 0) return 0;
  if (news !== null) await alertsRoom.beforeNews(stores, news);
  for (const room of rooms) if ('afterMove' in room) await room.afterMove(stores, clusterId, moves);
  if (news !== null) await alertsRoom.afterNews(stores, news);
  return moves.length;
}

/** What the rooms above the inventory do for an import, in its transaction. */
const importHooks = (
  stores: Stores,
): Pick<ImportStores, 'afterMerge' | 'afterShown' | 'policiesFound' | 'changed'> => ({
  afterShown: clusterId => afterShown(stores, clusterId),
  afterMerge: async (clusterId, mergers) => {
    const moves = await flowsRoom.mergePeers(stores, clusterId, mergers);
    for (const room of rooms) {
      if ('afterMerge' in room) await room.afterMerge(stores, clusterId, mergers);
    }
    // Baselines have followed the peers; alerts follow the flows.
    if (moves.length > 0) await alertsRoom.afterMove(stores, clusterId, moves);
  },
  policiesFound: async (clusterId, found, mode, observedAt) => {
    const seen = { mode, observedAt };
    const taken = await enforcementRoom.policiesFound(stores, clusterId, found, seen);
    await alertsRoom.policiesTaken(stores, clusterId, taken.changes, observedAt);
    return taken;
  },
  changed: stores.versions.verdictsDue,
});

/** What use cases work on: the stores and transactions of one caller. */
export type Workplace = {
  readonly caller: Caller;
  readonly reads: Stores;
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
  readonly partitions: PartitionStore;
  readonly jobEnds: JobEnds;
  readonly outgoing: Outgoing;
  readonly auditKeeping: AuditKeeping;
  readonly enter: Enter;
};

/** Where jobs are done. */
export type JobPlace = Workplace & {
  /** What a job does, wherever it runs, for the eyes of who asked for it, until its signal ends it. */
  readonly useCasesFor: (
    job: Pick<ClaimedJob, 'caller' | 'scope'>,
    signal: AbortSignal,
  ) => UseCases;
};

/** Who does each kind of job. */
export const jobHandlersOn = (place: JobPlace): Readonly<Record<string, JobHandler>> =>
  folded(rooms.map(room => ('jobs' in room ? room.jobs(place) : {})));

/** What every room does once a night, in one of the processes that run jobs. */
export const nightlyOn = (place: Workplace) => async (): Promise<void> => {
  for (const room of rooms) if ('nightly' in room) await room.nightly(place)();
};

/** Sends what notifiers have to send. */
export const notifyOn = (place: Workplace) => (): Promise<void> => notifiersRoom.notify(place);

/** What every room does once a minute, in one of the processes that run jobs; where one fails, the others do theirs. */
export const minutelyOn = (place: Workplace) => async (): Promise<void> => {
  const failed: unknown[] = [];
  for (const room of rooms)
    if ('minutely' in room)
      await room
        .minutely(place)()
        .catch(error => failed.push(error));
  if (failed.length > 0) throw new AggregateError(failed, 'a room could not do its work');
};

/** What a caller can do that is more than reading. */
export type UseCases = Brought<'useCases'>;

export function useCasesOn(place: Workplace): UseCases {
  const { transaction } = place;
  const given = {
    ...place,
    settle: (clusterId: number): Promise<void> => useCases.settle(clusterId),
    baselinesChanged: (clusterId: number): Promise<void> =>
      alertsRoom.baselinesChanged(place, clusterId),
    importing: <T>(work: (stores: Stores & ImportStores) => Promise<T>) =>
      transaction(stores => work({ ...stores, ...importHooks(stores) })),
    recording: <T>(work: (stores: Stores & Recording) => Promise<T>) =>
      transaction(stores =>
        work({
          ...stores,
          judge: (clusterId, edges) => enforcementRoom.verdictsOfNew(stores, clusterId, edges),
          afterRecord: batch => afterRecord(stores, batch),
          recognise: async clusterId => {
            const moved = await afterShown(stores, clusterId);
            if (moved > 0) await stores.versions.verdictsDue(clusterId);
          },
        }),
      ),
  };
  const useCases: UseCases = folded(rooms.map(room => room.useCases(given)));
  return useCases;
}

type Recording = {
  readonly judge: (clusterId: number, edges: readonly Edge[]) => Promise<readonly EdgeVerdict[]>;
  readonly afterRecord: (batch: RecordedBatch) => Promise<void>;
  readonly recognise: (clusterId: number) => Promise<void>;
};
