import type { MigrationInterface, QueryRunner } from 'typeorm';

const OF_DEPLOYMENTS = `where kind = 'DEPLOYMENT' and alias_of is null`;

/**
 * Each order of deployments has an index of them alone: along `peer_namespace` a page from the end passed all peers outside,
 * which have no namespace. Alerts of no deployment are found by their namespace.
 */
export class ListsByIndex1764000077200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index peer_deployment_namespace on peer (cluster_id, namespace, name, id) ${OF_DEPLOYMENTS};
      create index peer_deployment_name on peer (name, namespace, cluster_id, id) ${OF_DEPLOYMENTS};
      create index peer_deployment_seen on peer (coalesce(first_seen_at, 'epoch'), cluster_id, id) ${OF_DEPLOYMENTS};
      create index peer_deployment_isolation on peer (coalesce(isolation, ''), cluster_id, namespace, name, id) ${OF_DEPLOYMENTS};
      create index alert_namespace on alert (cluster_id, namespace) where deployment_id is null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop index peer_deployment_namespace, peer_deployment_name, peer_deployment_seen, peer_deployment_isolation, alert_namespace`,
    );
  }
}
