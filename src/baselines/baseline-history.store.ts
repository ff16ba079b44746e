import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import { int4, jsonb, nullable, oneOf, statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { asking } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { BaselineState } from './baseline.js';
import type { DeploymentKey } from './baseline.store.js';
import type { BaselineRevision, RevisionEntry } from './history.js';

/** Of deployments that the caller sees. */
export type BaselineHistoryStore = {
  /** The latest `most` versions of each baseline, the latest first. */
  ofDeployments(keys: readonly DeploymentKey[], most: number): Promise<readonly BaselineRevision[]>;
  /** What a version held; null version: the one that held at a time (ISO text; null: now). */
  entriesAt(
    key: DeploymentKey,
    moment: { readonly version: number | null; readonly at: string | null },
  ): Promise<(BaselineRevision & { readonly entries: readonly RevisionEntry[] }) | null>;
};

const REVISION = {
  clusterId: int4,
  deploymentId: uuid,
  version: int4,
  since: text,
  until: nullable(text),
  state: oneOf(BaselineState),
  source: text,
  who: nullable(text),
  why: nullable(text),
  count: int4,
} as const;

const STATEMENTS = {
  ofDeployments: statement<BaselineRevision>('baselineHistory.ofDeployments', REVISION),
  entriesAt: statement<BaselineRevision & { readonly entries: readonly RevisionEntry[] }>(
    'baselineHistory.entriesAt',
    { ...REVISION, entries: jsonb<readonly RevisionEntry[]>() },
  ),
} as const;

const COLUMNS = `r.cluster_id as "clusterId", r.deployment_id as "deploymentId", r.version, ${dateTimeText('r.valid_from')} as since,
  ${dateTimeText('r.valid_to')} as until, r.state, r.source, r.who, r.why, jsonb_array_length(r.entries) as count`;

const PEER = 'join peer p on p.cluster_id = r.cluster_id and p.id = r.deployment_id';

export const baselineHistoryStore = (
  manager: EntityManager,
  caller: Caller,
): BaselineHistoryStore => ({
  ofDeployments: (keys, most) =>
    STATEMENTS.ofDeployments.ask(
      manager,
      asking(
        [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id), most],
        [visibleWorkload(caller, 'p')],
        seen => `select ${COLUMNS} from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
          cross join lateral (select * from baseline_revision where cluster_id = k.cluster_id and deployment_id = k.id
            order by version desc limit $3::int) r
          ${PEER} where ${seen} order by 1, 2, r.version desc`,
      ),
    ),
  entriesAt: async ({ clusterId, id }, { version, at }) => {
    const asked = asking(
      [clusterId, id, version, at],
      [visibleWorkload(caller, 'p')],
      seen => `select ${COLUMNS}, r.entries from baseline_revision r ${PEER}
        where r.cluster_id = ${CLUSTER} and r.deployment_id = $2 and ($3::int is null or r.version = $3)
          and ($4::timestamptz is null or r.valid_from <= $4) and ${seen}
        order by r.version desc limit 1`,
    );
    const [found] = await STATEMENTS.entriesAt.ask(manager, asked);
    return found ?? null;
  },
});
