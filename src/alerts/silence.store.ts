import type { EntityManager } from 'typeorm';
import { float8, int4, json, nullable, statement, text } from '../database/row.js';
import { unnest } from '../database/statement.js';
import type { Silence } from './silence.js';

export type SourceKey = { readonly clusterId: number; readonly source: string };

/** A source of flows, the newest that it has shown, and how it was last looked at. */
export type SeenSource = SourceKey & {
  /** In milliseconds since 1970. */
  readonly latestAt: number;
  /** Null: it was never looked at. */
  readonly before: Silence | null;
};

export type SilenceStore = {
  /** Every source of every cluster, in the order of clusters and names; two callers wait for each other until their transactions end. */
  sources(): Promise<readonly SeenSource[]>;
  put(rows: readonly (SourceKey & Silence)[]): Promise<void>;
};

const SOURCES = statement<SeenSource>('silences.sources', {
  clusterId: int4,
  source: text,
  latestAt: float8,
  before: nullable(json<Silence>()),
});

/** Held with `pg_advisory_xact_lock`. */
const LOCK_OF_SILENCES = 727_016;

const MILLIS = (time: string): string => `(extract(epoch from ${time}) * 1000)::float8`;

const NEXT = (after: string, cluster: string): string => `(select l.source from ingest_ledger l
    where l.cluster_id = ${cluster}${after} order by l.source limit 1)`;

/** From name to name along the key of the ledger, and of each source its newest hour: the other hours are not read. */
const ALL = `with recursive found as (
    select c.id as cluster_id, ${NEXT('', 'c.id')} as source from cluster c where c.deleted_at is null
    union all
    select f.cluster_id, ${NEXT(' and l.source > f.source', 'f.cluster_id')} from found f where f.source is not null)
  select f.cluster_id as "clusterId", f.source, ${MILLIS('n.last_seen_at')} as "latestAt",
    case when s.source is not null then json_build_object('newestAt', ${MILLIS('s.newest_at')}, 'checkedAt', ${MILLIS('s.checked_at')},
      'silentSeconds', s.silent_seconds, 'usualSeconds', s.usual_seconds, 'arrivals', s.arrivals) end as before
  from found f
  cross join lateral (select last_seen_at from ingest_ledger where cluster_id = f.cluster_id and source = f.source
    and last_seen_at is not null order by hour desc limit 1) n
  left join lateral (select * from source_silence where cluster_id = f.cluster_id and source = f.source offset 0) s on true
  where f.source is not null order by 1, 2`;

const timeOf = (millis: number): string => new Date(millis).toISOString();

export const silenceStore = (manager: EntityManager): SilenceStore => ({
  sources: async () => {
    await manager.query('/* silences.lock */ select pg_advisory_xact_lock($1)', [LOCK_OF_SILENCES]);
    return SOURCES.rows(manager, ALL, []);
  },
  put: async rows => {
    const { from, values } = unnest(rows, 'x', {
      cluster_id: ['int', row => row.clusterId],
      source: ['text', row => row.source],
      newest_at: ['timestamptz', row => timeOf(row.newestAt)],
      checked_at: ['timestamptz', row => timeOf(row.checkedAt)],
      silent_seconds: ['float8', row => row.silentSeconds],
      usual_seconds: ['float8', row => row.usualSeconds],
      arrivals: ['int', row => row.arrivals],
    });
    await manager.query(
      `/* silences.put */ insert into source_silence (cluster_id, source, newest_at, checked_at, silent_seconds, usual_seconds, arrivals)
      select x.* from ${from} on conflict (cluster_id, source) do update set newest_at = excluded.newest_at,
        checked_at = excluded.checked_at, silent_seconds = excluded.silent_seconds, usual_seconds = excluded.usual_seconds,
        arrivals = excluded.arrivals`,
      [...values],
    );
  },
});
