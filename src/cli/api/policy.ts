import { PoliciesDocument, type PoliciesQuery } from '../../generated/cli.js';
import { clientOf } from '../client.js';
import { addOutput, group, outputOf } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, write, writeAsItIs } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addCluster } from './flow-options.js';
import { foreignLine } from './foreign.js';
import { assertKnown } from './known.js';
import { allNodes } from './pages.js';

type PolicyOptions = OutputOptions & {
  readonly cluster: string;
  readonly namespace?: string;
};

export const addPolicyList: AddCommands = shell => {
  const { program, io } = shell;
  const command = group(program, 'policy', 'policies that the server knows')
    .command('list')
    .description('the policies in force in a cluster; `-o yaml` prints them as one file')
    .option('--namespace <name>', 'only those of this namespace')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate policy list --cluster production -o yaml > live.yaml',
    );
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (options: PolicyOptions) => {
      const client = clientOf(shell);
      const { cluster, namespace } = options;
      await assertKnown(client, { cluster, namespaces: [namespace] });
      const filter = {
        cluster: { eq: cluster },
        namespace: namespace === undefined ? null : { eq: namespace },
      };
      const policies = await allNodes(
        async after => (await client.ask(PoliciesDocument, { filter, after })).policies,
      );
      const listing = policiesListing(policies);
      await write(io.stderr, await foreignLine(client, cluster));
      if (outputOf(options) !== 'yaml') return show(shell, listing, options);
      // As YAML the documents themselves, fit for `kubectl diff`.
      if (policies.length === 0) await write(io.stderr, `${listing.empty}\n`);
      await writeAsItIs(io.stdout, policies.map(({ yaml }) => withEnd(yaml)).join('---\n'));
    },
  );
};

type ListedPolicy = PoliciesQuery['policies']['nodes'][number];

const withEnd = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

const policiesListing = (policies: readonly ListedPolicy[]): Listing => ({
  heading: ['namespace', 'name', 'kind', 'source', 'since'],
  rows: policies.map(({ namespace, name, kind, source, validFrom }) => [
    namespace ?? '-',
    name,
    kind,
    source,
    shortTime(validFrom),
  ]),
  value: { policies },
  empty: 'no policies',
});
