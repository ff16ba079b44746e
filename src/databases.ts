import type { DataSource } from 'typeorm';
import { type AuditStore, auditStore } from './access/audit.store.js';
import { type Caller, LOCAL_CALLER, seesWhole } from './access/caller.js';
import { type AuditKeeping, KEPT_FOR_EVER } from './access/checkpoint.js';
import { type RateCountStore, rateCountStore } from './access/rate-count.store.js';
import { audited, type Origin } from './access/record-audit.js';
import { sameCallers } from './access/same-callers.js';
import { scopeOf } from './access/scope.js';
import { type Sealing, sealingOf } from './access/seal.js';
import { sealKey } from './access/seal.store.js';
import { refusing } from './access/tell-refusals.js';
import { type TokenStore, tokenStore } from './access/token.store.js';
import { type Events, eventsOf } from './database/events.js';
import { presenceOn } from './database/presence.js';
import { type TablesState, tablesState } from './database/tables-state.js';
import { partitionStore } from './flows/ingest/partition.store.js';
import type { JobEnds } from './jobs/job-ends.js';
import { type JobRunStore, jobRunStore } from './jobs/job-run.store.js';
import type { Outgoing } from './notifiers/room.js';
import { type Audited, guarded, type Refused } from './permissions.js';
import { dateTimeOf } from './query/date-time.js';
import {
  type JobPlace,
  type Stores,
  storesOn,
  type UseCases,
  useCasesOn,
  type Workplace,
} from './rooms.js';

/** What one caller sees of a database and may do with it. */
export type Database = { readonly stores: Stores; readonly useCases: UseCases };

export type Databases = {
  /** The same object each time for the same caller. */
  readonly seenBy: (caller: Caller) => Database;
  /** What a caller does in one transaction, all of it or nothing; what is read there is as it was written there. */
  readonly inTransaction: <T>(
    caller: Caller,
    work: (database: Database) => Promise<T>,
  ) => Promise<T>;
  /** Where refusals are written down. */
  readonly auditing: Pick<AuditStore, 'append'> & { readonly now: () => string };
  /** Writes down what is done for a request. */
  readonly auditedFrom: (origin: Origin) => Audited;
  /** Refuses what somebody asked for, and writes that down. */
  readonly refusedFrom: (origin: Origin) => Refused;
  /** How ids and cursors are shown to a caller; null for who sees whole clusters: as they are. */
  readonly sealingOf: (caller: Caller) => Promise<Sealing | null>;
  /** What changes on the database, whoever changes it. */
  readonly events: Events;
  /** By which requests tell who sends them. */
  readonly tokens: TokenStore;
  /** Where servers count together what callers have spent of their limits. */
  readonly rateCounts: RateCountStore;
  /** For a worker: what it does with jobs of all callers and clusters. */
  readonly jobRuns: {
    readonly runs: JobRunStore;
    readonly transaction: <T>(work: (runs: JobRunStore) => Promise<T>) => Promise<T>;
  };
  /** Where jobs are done: for the eyes of nobody in particular. */
  readonly place: JobPlace;
  /** What is worth watching, as it is at the moment. */
  readonly measure: () => Promise<Measures>;
  /** How it stands with the tables. @throws when the database does not answer */
  readonly state: () => Promise<TablesState>;
};

export type Measures = {
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number };
  /** Of jobs and open alerts by status, of records by what became of them; counts as text. */
  readonly rows: readonly {
    readonly what: string;
    readonly label: string;
    readonly count: string;
  }[];
};

const MEASURE = `/* databases.measure */
  select 'jobs' as what, status as label, count(*)::text as count from job group by 2
  union all select 'alerts', state, count(*)::text from alert group by 2
  union all select 'records', x.label, coalesce(sum(x.count), 0)::text from ingest_ledger l
    cross join lateral (values ('accepted', l.accepted), ('duplicate', l.duplicates), ('lost', l.lost)) x (label, count)
    group by 2`;

type PoolCounts = {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
};

async function measuresOf(source: DataSource): Promise<Measures> {
  const { master } = source.driver as unknown as { readonly master: PoolCounts };
  const pool = { total: master.totalCount, idle: master.idleCount, waiting: master.waitingCount };
  return { pool, rows: await source.query(MEASURE) };
}

/** The use cases of a caller that run in other threads; `signal` ends what is under way for it. */
export type Elsewhere = (caller: Caller, signal?: AbortSignal) => Partial<UseCases>;

/** The key is read once, for the first caller who needs it. */
function sealings(source: DataSource): Databases['sealingOf'] {
  const known = new WeakMap<Caller, Sealing>();
  let key: Promise<string> | null = null;
  return async caller => {
    if (seesWhole(caller)) return null;
    const before = known.get(caller);
    if (before !== undefined) return before;
    key ??= sealKey(source.manager).catch(error => {
      key = null;
      throw error;
    });
    const made = sealingOf(await key, caller);
    known.set(caller, made);
    return made;
  };
}

/** What of the settings concerns what is done here. */
export type Keeping = { readonly outgoing: Outgoing; readonly auditKeeping: AuditKeeping };

const NOTHING_KEPT: Keeping = {
  outgoing: { secrets: null, reach: { loopback: false, private: false } },
  auditKeeping: KEPT_FOR_EVER,
};

/**
 * The stores and use cases over a connected database.
 * @param jobEnds how this process hears of jobs that have ended
 * @param elsewhere by default every use case runs in this thread
 * @param keeping by default no notifier has a secret, none sends to addresses inside, and the audit log is kept for ever
 */
export function databasesOn(
  source: DataSource,
  jobEnds: JobEnds,
  elsewhere: Elsewhere = () => ({}),
  keeping: Keeping = NOTHING_KEPT,
): Databases {
  const partitions = partitionStore(source.manager);
  const auditing = { audit: auditStore(source.manager), now: () => dateTimeOf(new Date()) };
  // What cannot be written down must not keep a refusal from being one.
  const refusal = refusing({ ...auditing.audit, now: auditing.now, onError: () => {} });
  const known = new WeakMap<Caller, Database>();
  const same = sameCallers();
  const placeOf = (caller: Caller): Workplace => ({
    caller,
    reads: storesOn(source.manager, caller),
    transaction: work => source.transaction(manager => work(storesOn(manager, caller))),
    partitions,
    jobEnds,
    enter: presenceOn(source),
    ...keeping,
  });
  const made = (caller: Caller): Database => {
    const place = placeOf(caller);
    return {
      stores: place.reads,
      useCases: guarded(caller, { ...useCasesOn(place), ...elsewhere(caller) }),
    };
  };
  const inTransaction: Databases['inTransaction'] = (caller, work) =>
    source.transaction(manager => {
      const place: Workplace = {
        ...placeOf(caller),
        reads: storesOn(manager, caller),
        transaction: inner => manager.transaction(within => inner(storesOn(within, caller))),
      };
      return work({ stores: place.reads, useCases: guarded(caller, useCasesOn(place)) });
    });
  const seenBy = (caller: Caller): Database => {
    const database = known.get(caller) ?? made(caller);
    known.set(caller, database);
    return database;
  };
  return {
    seenBy,
    inTransaction,
    place: {
      ...placeOf(LOCAL_CALLER),
      useCasesFor: ({ caller: name, scope }, signal) => {
        const caller = same({ ...LOCAL_CALLER, name, ...scopeOf(scope) });
        return { ...seenBy(caller).useCases, ...elsewhere(caller, signal) };
      },
    },
    auditing: { append: auditing.audit.append, now: auditing.now },
    refusedFrom: origin => (action, refuse) => refusal(origin, action, refuse),
    auditedFrom: origin => (wanted, work) => audited(auditing, origin, wanted, work),
    sealingOf: sealings(source),
    events: eventsOf(source),
    tokens: tokenStore(source.manager, LOCAL_CALLER),
    rateCounts: rateCountStore(source.manager),
    jobRuns: {
      runs: jobRunStore(source.manager),
      transaction: work => source.transaction(manager => work(jobRunStore(manager))),
    },
    measure: () => measuresOf(source),
    state: () => tablesState(source),
  };
}
