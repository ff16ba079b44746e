import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which flows each batch showed, for a while: subscribers go on from it after a break. */
export class FlowNews1764000077600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table flow_news_head (
        cluster_id int not null constraint flow_news_head_cluster_fkey references cluster,
        seq bigint not null, listened_until timestamptz not null,
        constraint flow_news_head_pkey primary key (cluster_id));
      create table flow_news (
        cluster_id int not null constraint flow_news_cluster_fkey references cluster,
        seq bigint not null, flows uuid[] not null, skipped int not null, told_at timestamptz not null,
        constraint flow_news_pkey primary key (cluster_id, seq))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table flow_news, flow_news_head');
  }
}
