import { PoliciesDocument, type PoliciesQuery } from '../../generated/cli.js';
import { clientOf } from '../client.js';
import { addOutput, group, outputOf } from '../command.js';
import {
  jsonText,
  LISTING_FORMATS,
  type Listing,
  type ListingFormat,
  listingText,
} from '../print/listing.js';
import { terminalOf } from '../print/terminal.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, write } from '../shell.js';
import { addCluster, assertCluster } from './flow-options.js';
import { allNodes } from './pages.js';

type PolicyOptions = {
  readonly cluster: string;
  readonly namespace?: string;
  readonly output: ListingFormat;
  readonly outputFormat?: ListingFormat;
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
      await assertCluster(client, options.cluster);
      const filter = {
        cluster: { eq: options.cluster },
        namespace: options.namespace === undefined ? null : { eq: options.namespace },
      };
      const policies = await allNodes(
        async after => (await client.ask(PoliciesDocument, { filter, after })).policies,
      );
      await write(
        io.stdout,
        policiesText(policies, outputOf(options), terminalOf(io.stdout, io.env)),
      );
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
  value: policies,
  empty: 'no policies',
});

/** As YAML the documents themselves, fit for `kubectl diff`. */
const policiesText = (
  policies: readonly ListedPolicy[],
  format: ListingFormat,
  terminal: ReturnType<typeof terminalOf>,
): string => {
  if (format === 'yaml') return policies.map(({ yaml }) => withEnd(yaml)).join('---\n');
  if (format === 'json') return jsonText(policies);
  return listingText(policiesListing(policies), format, terminal);
};
