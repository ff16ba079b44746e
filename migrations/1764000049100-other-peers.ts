import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists of external entities and of nodes, by name and by time. */
export class OtherPeers1764000049100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index peer_other_name on peer (kind, cluster_id, name, id)
      where kind in ('EXTERNAL', 'NODE') and alias_of is null`);
    await runner.query(`create index peer_other_seen on peer (kind, coalesce(first_seen_at, '-infinity'), cluster_id, id)
      where kind in ('EXTERNAL', 'NODE') and alias_of is null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index peer_other_name');
    await runner.query('drop index peer_other_seen');
  }
}
