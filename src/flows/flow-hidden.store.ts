import type { EntityManager } from 'typeorm';
import { type Caller, seesWhole } from '../access/caller.js';
import { MASKED_KIND } from '../access/masked.js';
import { statement } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { COUNTED } from '../query/page.js';
import type { Window } from './flow-condition.js';
import { askedOfFlows, type OwnFlows } from './flow-seen.js';

const HIDDEN_ENDS = statement('flows.hiddenEnds', COUNTED);

const IN_WINDOW = `f.cluster_id = ${CLUSTER} and ($2::timestamptz is null or f.last_seen_at >= $2::timestamptz)
  and ($3::timestamptz is null or f.first_seen_at < $3::timestamptz)`;

const ends = ({
  clause,
  own,
}: OwnFlows): string => `${clause}select count(distinct p.id)::int as count
  from flow f cross join lateral unnest(array[f.source_id, f.destination_id]) e (id)
  join peer p on p.cluster_id = f.cluster_id and p.id = e.id and p.kind = '${MASKED_KIND}'
  where ${IN_WINDOW} and ${own}`;

/** How many peers outside of the caller's scope have flows of the window with what is in it. */
export async function hiddenEnds(
  manager: EntityManager,
  caller: Caller,
  clusterId: number,
  { since, until }: Window,
): Promise<number> {
  if (seesWhole(caller)) return 0;
  const asked = askedOfFlows(caller, [clusterId, since, until], ends);
  return (await HIDDEN_ENDS.row(manager, asked.sql, asked.values)).count;
}
