import type { EntityManager } from 'typeorm';
import { nullable, statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { endOfHour, isOfLife } from '../flows/hour-slot.js';
import { dateTimeText } from '../query/date-time.js';

export type LastSeen = {
  readonly flowId: string;
  /** ISO text: the end of the hour in which its flow was last let through, or when that was exactly. */
  readonly lastSeenAt: string;
};

export type DecayStore = {
  /** Newest observation of a cluster, ISO text; null: there is none. */
  newest(clusterId: number): Promise<string | null>;
  /** When flows were last let through; nothing of those that never were, or are not stored. */
  lastSeen(clusterId: number, flows: readonly string[]): Promise<readonly LastSeen[]>;
};

const STATEMENTS = {
  newest: statement<{ readonly at: string | null }>('baselineDecay.newest', { at: nullable(text) }),
  lastSeen: statement<LastSeen>('baselineDecay.lastSeen', {
    flowId: uuid,
    lastSeenAt: text,
  }),
} as const;

/** The last hour that let a flow through is looked up by its key. */
const LAST_SEEN = `select f.id as "flowId", ${dateTimeText(`least(f.last_seen_at, ${endOfHour('h.hour')})`)} as "lastSeenAt"
  from unnest($2::uuid[]) k (id) join flow f on f.cluster_id = ${CLUSTER} and f.id = k.id
  cross join lateral (select slot_hour(slot) as hour from flow_hour where cluster_id = ${CLUSTER} and flow_id = f.id
    and ${isOfLife('slot')} and slot_verdict(slot) in ('ALLOWED', 'UNKNOWN') order by slot desc limit 1) h`;

export const decayStore = (manager: EntityManager): DecayStore => ({
  newest: async clusterId => {
    const [found] = await STATEMENTS.newest.rows(
      manager,
      `select ${dateTimeText('newest_observation_at')} as at from cluster where id = $1`,
      [clusterId],
    );
    return found?.at ?? null;
  },
  lastSeen: (clusterId, flows) => STATEMENTS.lastSeen.rows(manager, LAST_SEEN, [clusterId, flows]),
});
