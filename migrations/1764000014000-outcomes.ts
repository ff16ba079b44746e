import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the dataplane ever said of an edge stands in its row as a set, one bit for each verdict (`src/flows/flow.ts`).
 * What nobody knows an hour of has said what it said last.
 */
const OUTCOMES = `
  drop index flow_marks;
  drop function flow_marks;
  create function outcome_bit(verdict text) returns smallint language sql immutable parallel safe
  return case verdict when 'ALLOWED' then 1 when 'ERROR' then 4 when 'AUDIT' then 8 when 'DENIED' then 16 else 2 end;
  alter table flow add column outcomes smallint;
  update flow f set outcomes = outcome_bit(f.observed_verdict) | coalesce(h.outcomes, 0::smallint)
  from flow x left join (select cluster_id, flow_id, bit_or(outcome_bit(verdict)) as outcomes from flow_hour group by 1, 2) h
    on h.cluster_id = x.cluster_id and h.flow_id = x.id
  where x.cluster_id = f.cluster_id and x.id = f.id;
  drop function outcome_bit;
  alter table flow alter column outcomes set not null;
`;

/** One number for all that rows are marked with; `src/flows/flow-marks.ts` knows its parts. */
const MARKS = `
  create function flow_marks(protocol text, outcomes smallint, policy_verdict text, governed boolean,
    in_baseline boolean, off_locked boolean, traffic_class text) returns int language sql immutable parallel safe
  return case protocol when 'TCP' then 0 when 'UDP' then 1 when 'SCTP' then 2 else 3 end
    + 4 * governed::int + 8 * in_baseline::int + 16 * outcomes
    + 512 * case policy_verdict when 'ALLOWED' then 0 when 'DENIED' then 1 else 2 end
    + 1536 * off_locked::int + 3072 * case traffic_class when 'metadata' then 1 else 0 end;
  create index flow_marks on flow (cluster_id,
    flow_marks(protocol, outcomes, policy_verdict, governed, in_baseline, off_locked, traffic_class));
`;

const BACK = `
  drop index flow_marks;
  drop function flow_marks;
  create function flow_marks(protocol text, observed_verdict text, policy_verdict text, governed boolean,
    in_baseline boolean, off_locked boolean, traffic_class text) returns int language sql immutable parallel safe
  return case protocol when 'TCP' then 0 when 'UDP' then 1 when 'SCTP' then 2 else 3 end
    + 4 * case observed_verdict when 'ALLOWED' then 0 when 'DENIED' then 1 when 'AUDIT' then 2 when 'ERROR' then 3 else 4 end
    + 20 * case policy_verdict when 'ALLOWED' then 0 when 'DENIED' then 1 else 2 end
    + 60 * governed::int + 120 * in_baseline::int + 240 * off_locked::int
    + 480 * case traffic_class when 'metadata' then 1 else 0 end;
  create index flow_marks on flow (cluster_id,
    flow_marks(protocol, observed_verdict, policy_verdict, governed, in_baseline, off_locked, traffic_class));
  alter table flow drop column outcomes;
`;

/** Filters and tags ask what the dataplane ever said of an edge, or said in a window, not what it said last. */
export class Outcomes1764000014000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [OUTCOMES, MARKS]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(BACK);
  }
}
