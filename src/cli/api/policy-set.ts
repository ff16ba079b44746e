import { Option } from 'commander';
import {
  type GenerateFrom,
  type PolicySetFilter,
  PolicySetsDocument,
  type PolicySetsQuery,
  PolicySetTextDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group, outputOf } from '../command.js';
import { unknownName } from '../near.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Failure, writeAsItIs } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addCluster, equalTo } from './flow-options.js';
import { assertCluster } from './known.js';
import { allNodes } from './pages.js';

const NOUN = ['policy-set', 'sets of policies that the server keeps, by version'] as const;

type ListOptions = OutputOptions & {
  readonly cluster?: string;
  readonly name?: string;
  readonly origin?: Lowercase<GenerateFrom>;
  readonly allVersions?: boolean;
};

type Listed = NonNullable<PolicySetsQuery['policySets']>['nodes'][number];

const setsOf = ({ ask }: ApiClient, filter: PolicySetFilter) =>
  allNodes(async after => {
    const { policySets } = await ask(PolicySetsDocument, { filter, after });
    if (policySets === null) throw new Failure('the policy sets could not be read');
    return policySets;
  });

const listingOf = (sets: readonly Listed[]): Listing => ({
  heading: ['name', 'version', 'cluster', 'from', 'policies', 'made'],
  rows: sets.map(({ name, version, cluster, origin, policies, createdAt }) => [
    name,
    `${version}`,
    cluster.name,
    origin,
    `${policies.length}`,
    shortTime(createdAt),
  ]),
  value: { policySets: sets.map(({ cluster, ...set }) => ({ ...set, cluster: cluster.name })) },
  empty: 'no policy sets',
});

export const addPolicySetList: AddCommands = shell => {
  const command = group(shell.program, ...NOUN)
    .command('list')
    .description('policy sets, each in its latest version')
    .option('--cluster <name>', 'only of this cluster')
    .option('--name <name>', 'only of this name')
    .addOption(
      new Option('--origin <what>', 'only those generated from this').choices([
        'flows',
        'baselines',
      ]),
    )
    .option('--all-versions', 'also versions that have a later one')
    .addHelpText('after', '\nExample:\n  $ weirgate policy-set list --cluster production');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: ListOptions) => {
    const client = clientOf(shell);
    if (options.cluster !== undefined) await assertCluster(client, options.cluster);
    const filter: PolicySetFilter = {
      cluster: equalTo(options.cluster),
      name: equalTo(options.name),
      origin: options.origin === undefined ? null : [options.origin.toUpperCase() as GenerateFrom],
      allVersions: options.allVersions ?? false,
    };
    await show(shell, listingOf(await setsOf(client, filter)), options);
  });
};

type ShowOptions = OutputOptions & { readonly cluster: string; readonly setVersion?: number };

const versionNumber = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Failure(`\`${text}\` is no version`, 'versions are numbers from 1');
};

export const addPolicySetShow: AddCommands = shell => {
  const command = group(shell.program, ...NOUN)
    .command('show')
    .argument('<name>', 'name of the set')
    .description('the policies of a set as one file, fit for `kubectl apply -f -`')
    .option('--set-version <number>', 'this version instead of the latest', versionNumber)
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate policy-set show generated-shop --cluster production > shop.yaml',
    );
  addOutput(addCluster(command), LISTING_FORMATS, 'yaml').action(
    async (name: string, options: ShowOptions) => {
      const client = clientOf(shell);
      const { cluster } = options;
      await assertCluster(client, cluster);
      const { yaml, policies, ...set } = await setNamed(client, name, options);
      if (outputOf(options) === 'yaml') return writeAsItIs(shell.io.stdout, yaml);
      await show(
        shell,
        {
          heading: ['namespace', 'policy', 'lines'],
          rows: policies.map(each => [
            each.namespace,
            each.name,
            `${each.yaml.trimEnd().split('\n').length}`,
          ]),
          value: { policySet: { ...set, cluster, policies } },
          empty: 'no policies',
        },
        options,
      );
    },
  );
};

/** @throws Failure for a set or a version that is not there, with the nearest name */
async function setNamed(
  client: ApiClient,
  name: string,
  { cluster, setVersion: version }: ShowOptions,
) {
  const filter = {
    cluster: { eq: cluster },
    name: { eq: name },
    allVersions: version !== undefined,
  };
  const versions = await setsOf(client, filter);
  if (versions.length === 0) {
    const known = (await setsOf(client, { cluster: { eq: cluster } })).map(set => set.name);
    throw unknownName(
      `no policy set of \`${cluster}\` is named \`${name}\``,
      name,
      known,
      'see `weirgate policy-set list`',
    );
  }
  const wanted = versions.find(each => version === undefined || each.version === version);
  if (wanted === undefined)
    throw new Failure(
      `\`${name}\` has no version ${version}`,
      `it has ${versions
        .map(each => each.version)
        .toSorted((a, b) => a - b)
        .join(', ')}`,
    );
  const { node } = await client.ask(PolicySetTextDocument, { id: wanted.id });
  if (node?.__typename !== 'PolicySet') throw new Failure(`the policy set \`${name}\` is gone`);
  const { __typename, ...set } = node;
  return set;
}
