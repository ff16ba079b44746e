import { BaselineHistoryDocument, type BaselineHistoryQuery } from '../../generated/cli.js';
import { clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Failure, write } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { BASELINE_NOUN } from './baseline-options.js';
import { addCluster } from './flow-options.js';
import { assertCluster, deploymentsNamed } from './known.js';

type Options = OutputOptions & { readonly cluster: string };

type Found = NonNullable<NonNullable<BaselineHistoryQuery['deployment']>['baseline']>;

type Named = Awaited<ReturnType<typeof deploymentsNamed>>[number];

const nameOf = ({ namespace, name, kind }: Named): string => `${namespace.name}/${name}[${kind}]`;

const listingOf = (owner: Named, { revisions }: Found): Listing => ({
  heading: ['version', 'since', 'until', 'state', 'entries', 'made by', 'who', 'why'],
  rows: revisions.map(each => [
    `${each.version}`,
    shortTime(each.since),
    each.until === null ? 'now' : shortTime(each.until),
    each.state,
    `${each.count}`,
    each.source,
    each.who ?? '-',
    each.why ?? '-',
  ]),
  value: { deployment: nameOf(owner), revisions },
  empty: 'no version is known',
});

export const addBaselineHistory: AddCommands = shell => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command('history')
    .argument('<deployment>', 'whose, as `namespace/name` or `namespace/name[Kind]`')
    .description('versions of a baseline, the latest first: what made each, who, when and why')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate baseline history --cluster production my-app/frontend',
    );
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (deployment: string, options: Options) => {
      const { cluster } = options;
      const client = clientOf(shell);
      await assertCluster(client, cluster);
      const owner = theOnly(deployment, await deploymentsNamed(client, cluster, deployment));
      const { namespace, name, kind } = owner;
      const asked = { cluster, namespace: namespace.name, name, kind };
      const baseline = (await client.ask(BaselineHistoryDocument, asked)).deployment?.baseline;
      if (baseline === undefined || baseline === null)
        throw new Failure(
          `\`${deployment}\` has no baseline`,
          'learn it by `weirgate baseline generate`',
        );
      await show(shell, listingOf(owner, baseline), options);
      const oldest = baseline.revisions.at(-1)?.version ?? 1;
      if (oldest > 1)
        await write(shell.io.stderr, `note: versions before ${oldest} are not shown\n`);
    },
  );
};

/** @throws Failure for several */
function theOnly(deployment: string, found: readonly Named[]): Named {
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new Failure(
    `\`${deployment}\` is ambiguous`,
    `it is one of ${found.map(nameOf).join(', ')}`,
  );
}
