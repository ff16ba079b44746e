import { clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { type AddCommands, Failure } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { baselinesOf, deploymentName, type WholeBaseline, wholeBaseline } from './baseline.js';
import { BASELINE_NOUN } from './baseline-options.js';
import { addCluster } from './flow-options.js';
import { portText } from './flow-row.js';
import { peerName } from './peer-name.js';

type Options = OutputOptions & { readonly cluster: string };

const entriesListing = (baselines: readonly WholeBaseline[]): Listing => ({
  heading: ['direction', 'peer', 'port', 'status', 'pattern', 'days', 'events', 'reason'],
  rows: baselines.flatMap(({ entries }) =>
    entries.map(({ direction, peer, port, protocol, status, pattern, days, events, reason }) => [
      direction,
      peerName(peer),
      portText(protocol, port),
      status,
      pattern ?? '-',
      `${days}`,
      events,
      reason ?? '',
    ]),
  ),
  value: { baselines: baselines.map(wholeBaseline) },
  empty: 'the baseline has no entries',
});

export const addBaselineShow: AddCommands = shell => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command('show')
    .argument('<deployment>', 'whose, as `namespace/name`')
    .description('what is normal for a deployment, entry by entry')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate baseline show --cluster production my-app/frontend',
    );
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (deployment: string, options: Options) => {
      const scope = { ...options, namespace: [], deployment: [deployment] };
      const baselines = await baselinesOf(clientOf(shell), scope);
      if (baselines.length === 0)
        throw new Failure(
          `\`${deployment}\` has no baseline`,
          'learn it by `weirgate baseline generate`',
        );
      if (baselines.length > 1)
        throw new Failure(
          `\`${deployment}\` is ambiguous`,
          `it is one of ${baselines.map(deploymentName).join(', ')}`,
        );
      await show(shell, entriesListing(baselines), options);
    },
  );
};
