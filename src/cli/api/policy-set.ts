import { type Command, Option } from 'commander';
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
import { SHORT_ID } from './id-ending.js';
import { assertCluster } from './known.js';
import { allNodes } from './pages.js';
import { tellCut } from './problem-text.js';

export const POLICY_SET_NOUN = [
  'policy-set',
  'sets of policies that the server keeps, by version',
] as const;

/** What commands choose policy sets by. */
export type PolicySetOptions = {
  readonly cluster?: string;
  readonly name?: string;
  readonly origin?: Lowercase<GenerateFrom>;
  readonly allVersions?: boolean;
};

type ListOptions = OutputOptions & PolicySetOptions;

type Listed = NonNullable<PolicySetsQuery['policySets']>['nodes'][number];

export const setsOf = ({ ask }: ApiClient, filter: PolicySetFilter) =>
  allNodes(async after => {
    const { policySets } = await ask(PolicySetsDocument, { filter, after });
    if (policySets === null) throw new Failure('the policy sets could not be read');
    return policySets;
  });

const listingOf = (sets: readonly Listed[]): Listing => ({
  heading: ['name', 'version', 'cluster', 'from', 'policies', 'made', 'id ends in'],
  rows: sets.map(({ id, name, version, cluster, origin, policyCount, createdAt }) => [
    name,
    `${version}`,
    cluster.name,
    origin,
    `${policyCount}`,
    shortTime(createdAt),
    id.slice(-SHORT_ID),
  ]),
  value: { policySets: sets.map(({ cluster, ...set }) => ({ ...set, cluster: cluster.name })) },
  empty: 'no policy sets',
});

export const addPolicySetFilter = (command: Command): Command =>
  command
    .option('--cluster <name>', 'only of this cluster')
    .option('--name <name>', 'only of this name')
    .addOption(
      new Option('--origin <what>', 'only those generated from this').choices([
        'flows',
        'baselines',
      ]),
    )
    .option('--all-versions', 'also versions that have a later one');

/** @throws Failure for a cluster that is not there */
export async function wantedSets(
  client: ApiClient,
  { cluster, name, origin, allVersions }: PolicySetOptions,
): Promise<readonly Listed[]> {
  if (cluster !== undefined) await assertCluster(client, cluster);
  return setsOf(client, {
    cluster: equalTo(cluster),
    name: equalTo(name),
    origin: origin === undefined ? null : [origin.toUpperCase() as GenerateFrom],
    allVersions: allVersions ?? false,
  });
}

export const addPolicySetList: AddCommands = shell => {
  const command = addPolicySetFilter(group(shell.program, ...POLICY_SET_NOUN).command('list'))
    .description('policy sets, each in its latest version')
    .addHelpText('after', '\nExample:\n  $ weirgate policy-set list --cluster production');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: ListOptions) =>
    show(shell, listingOf(await wantedSets(clientOf(shell), options)), options),
  );
};

type ShowOptions = OutputOptions & { readonly cluster: string; readonly setVersion?: number };

const versionNumber = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Failure(`\`${text}\` is no version`, 'versions are numbers from 1');
};

export const addPolicySetShow: AddCommands = shell => {
  const command = group(shell.program, ...POLICY_SET_NOUN)
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
      await tellCut(shell.io, policies, '`-o yaml` has all');
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
