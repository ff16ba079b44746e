import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Scopes by labels; what was computed for somebody keeps the scope that it was computed under (empty: the whole cluster), and
 * names of policy sets are names within a scope. One key for all that is sealed before it is answered.
 */
export class Scopes1764000035000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table access_token add column selector jsonb;
      alter table job add column scope text not null default '';
      alter table simulation add column scope text not null default '';
      alter table policy_set add column scope text not null default '';
      alter table policy_set drop constraint policy_set_name_key;
      alter table policy_set add constraint policy_set_name_key unique (cluster_id, name, scope, version);
      create table seal_key (
        id int not null,
        key text not null,
        constraint seal_key_pkey primary key (id)
      );
      insert into seal_key (id, key) values (1, gen_random_uuid()::text || gen_random_uuid()::text);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table seal_key;
      delete from policy_set_item i using policy_set p
        where p.cluster_id = i.cluster_id and p.id = i.policy_set_id and p.scope <> '';
      delete from policy_set where scope <> '';
      alter table policy_set drop constraint policy_set_name_key;
      alter table policy_set add constraint policy_set_name_key unique (cluster_id, name, version);
      alter table policy_set drop column scope;
      alter table simulation drop column scope;
      alter table job drop column scope;
      alter table access_token drop column selector;
    `);
  }
}
