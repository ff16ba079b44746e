import { Option } from 'commander';
import {
  ClusterRangesDocument,
  type ClusterRangesQuery,
  SetClusterRangesDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { type AddCommands, Exit, Failure, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addCluster } from './flow-options.js';
import { assertCluster } from './known.js';
import { hasErrors, tellCut, tellProblems } from './problem-text.js';

type Ranges = NonNullable<ClusterRangesQuery['cluster']>['ranges'];

type Options = OutputOptions & {
  readonly cluster: string;
  readonly clear?: boolean;
};

export const addClusterRanges: AddCommands = shell => {
  const command = group(shell.program, 'cluster', 'clusters and their inventory')
    .command('ranges')
    .argument('[cidrs...]', 'declares these, in the place of all that were declared before')
    .description("where a cluster's own addresses lie; with blocks given, declares them")
    .addOption(new Option('--clear', 'takes back what was declared'))
    .addHelpText(
      'after',
      `
Examples:
  $ weirgate cluster ranges --cluster production
  $ weirgate cluster ranges --cluster production 10.244.0.0/16 10.96.0.0/12`,
    );
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (cidrs: readonly string[], options: Options) =>
      shell.finish(await run(shell, cidrs, options)),
  );
};

async function run(shell: Shell, cidrs: readonly string[], options: Options): Promise<Exit> {
  if (options.clear === true && cidrs.length > 0)
    throw new Failure(
      '`--clear` takes no blocks',
      'give the blocks alone: they replace the others',
    );
  const client = clientOf(shell);
  await assertCluster(client, options.cluster);
  const isChange = options.clear === true || cidrs.length > 0;
  const ranges = isChange
    ? await declared(shell, client, options.cluster, cidrs)
    : (await client.ask(ClusterRangesDocument, { cluster: options.cluster })).cluster?.ranges;
  if (ranges === undefined) return Exit.FAILED;
  await tellCut(shell.io, ranges, 'those that were declared stand first');
  await show(shell, listingOf(ranges), options);
  return Exit.CLEAN;
}

async function declared(
  { io }: Shell,
  client: ApiClient,
  cluster: string,
  cidrs: readonly string[],
): Promise<Ranges | undefined> {
  const input = { cluster, cidrs: [...cidrs] };
  const { setClusterRanges } = await client.ask(SetClusterRangesDocument, { input });
  await tellProblems(io, setClusterRanges.problems);
  return hasErrors(setClusterRanges.problems) ? undefined : setClusterRanges.cluster?.ranges;
}

const listingOf = (ranges: Ranges): Listing => ({
  heading: ['cidr', 'source'],
  rows: ranges.map(({ cidr, source }) => [cidr, source]),
  value: { ranges },
  empty: 'no ranges are known: import nodes with podCIDRs, or declare some',
});
