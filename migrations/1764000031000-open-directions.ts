import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What tells who asked whom. Flows none of whose records proves it stay open: they keep the ports of their source, so
 * that what comes later may show that they are replies, and those that are taken for replies stand aside.
 */
const UP = `
  alter table flow add column direction_basis text, add column open_ports int[], add column open_hints smallint;

  create function least_ports(one int[], other int[]) returns int[] language sql immutable strict parallel safe
  return (select coalesce(array_agg(p order by p), '{}') from
    (select distinct p from unnest(one || other) p order by p limit 16) x);

  create index flow_open_source on flow (cluster_id, source_id) where open_ports is not null;
  create index flow_open_destination on flow (cluster_id, destination_id, port) where open_ports is not null;

  -- the columns of flow and flow_hour, in their order: rows move between them whole
  create table reply_flow (like flow including defaults);
  alter table reply_flow add constraint reply_flow_pkey primary key (cluster_id, id);
  create index reply_flow_source on reply_flow (cluster_id, source_id);
  create index reply_flow_destination on reply_flow (cluster_id, destination_id, port);
  create table reply_hour (like flow_hour including defaults);
  alter table reply_hour add constraint reply_hour_pkey primary key (cluster_id, flow_id, hour, verdict);

  create table listener (
    cluster_id int not null,
    peer_id uuid not null,
    port int not null,
    protocol text not null,
    constraint listener_pkey primary key (cluster_id, peer_id, port, protocol),
    constraint listener_peer_fkey foreign key (cluster_id, peer_id) references peer
  );
`;

const DOWN = `
  drop table listener, reply_hour, reply_flow;
  drop index flow_open_source, flow_open_destination;
  drop function least_ports;
  alter table flow drop column direction_basis, drop column open_ports, drop column open_hints;
`;

export class OpenDirections1764000031000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
