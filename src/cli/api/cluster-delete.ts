import { ClusterContentsDocument, DeleteClusterDocument } from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addExits, group } from '../command.js';
import { addDoneOutput, doneListing } from '../done.js';
import { type AddCommands, Exit, Failure, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { noCluster } from './known.js';
import { tellProblems } from './problem-text.js';

export const addClusterDelete: AddCommands = shell => {
  const command = group(shell.program, 'cluster', 'clusters and their inventory')
    .command('delete')
    .argument('<cluster>', 'name of the cluster')
    .description('delete a cluster with all that is known of it; the audit log stays')
    .option('--yes', 'do it: without this, only what would go is said')
    .addHelpText('after', '\nExample:\n  $ weirgate cluster delete staging --yes');
  addExits(command, '0 when it is gone, 2 for bad input, an unknown cluster or no --yes');
  addDoneOutput(command).action(async (cluster: string, options: Options) =>
    shell.finish(await run(shell, cluster, options)),
  );
};

type Options = OutputOptions & { readonly yes?: boolean };

async function run(shell: Shell, cluster: string, options: Options): Promise<Exit> {
  const client = clientOf(shell);
  const contents = await contentsOf(client, cluster);
  if (options.yes !== true)
    throw new Failure(`this deletes \`${cluster}\` for good: ${contents}`, 'say `--yes` to do it');
  const { deleteCluster } = await client.ask(DeleteClusterDocument, { input: { cluster } });
  await tellProblems(shell.io, deleteCluster.problems);
  if (!deleteCluster.deleted) return Exit.FAILED;
  await show(shell, doneListing({ cluster, deleted: true }), options);
  return Exit.CLEAN;
}

/** What would go, for people. */
async function contentsOf(client: ApiClient, name: string): Promise<string> {
  const { cluster, flows, policies, alerts } = await client.ask(ClusterContentsDocument, {
    cluster: name,
  });
  if (cluster === null) throw await noCluster(client, name);
  return [
    `deployments: ${cluster.counts.deployments}`,
    `flows: ${flows.totalCount}`,
    `policies: ${policies.totalCount}`,
    `alerts: ${alerts.totalCount}`,
  ].join(', ');
}
