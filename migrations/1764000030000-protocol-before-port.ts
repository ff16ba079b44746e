import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Flows by port, those of one protocol together, in an index that is no larger: the protocol stands in the bits above
 * `flow_rank` of a port, which is below 2^28.
 */
const RANK = `
  create function port_rank(protocol text, port int, id uuid) returns int language sql immutable parallel safe
  return case protocol when 'TCP' then 0 when 'UDP' then 1 when 'SCTP' then 2 else 3 end * 268435456
    + flow_rank(coalesce(port, -1)::bigint, id);
  drop index flow_port;
  create index flow_port on flow (cluster_id, port_rank(protocol, port, id));
`;

const BACK = `
  drop index flow_port;
  drop function port_rank;
  create index flow_port on flow (cluster_id, flow_rank(coalesce(port, -1)::bigint, id));
`;

export class ProtocolBeforePort1764000030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RANK);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(BACK);
  }
}
