import { type Command, Option } from 'commander';
import { stringify } from 'yaml';
import {
  DeletePolicyProfileDocument,
  PolicyProfilesDocument,
  type PolicyProfilesQuery,
  PutPolicyProfileDocument,
} from '../../generated/cli.js';
import { clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { addDoneOutput, doneListing } from '../done.js';
import { unknownName } from '../near.js';
import { readTextAt } from '../offline/sources.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { type AddCommands, Exit, Failure, type Shell, writeAsItIs } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { yamlIn } from '../yaml-file.js';
import { assertCluster } from './known.js';
import { hasErrors, tellProblems } from './problem-text.js';

type Profiles = NonNullable<PolicyProfilesQuery['policyProfiles']>;
type Options = OutputOptions & { readonly cluster: string };

const nounOf = (program: Command): Command =>
  group(program, 'profile', 'zones of namespaces that `netpol generate --profile` keeps apart');

const addCluster = (command: Command): Command =>
  command.requiredOption('--cluster <name>', 'name of the cluster');

async function profilesOf(shell: Shell, cluster: string): Promise<Profiles> {
  const client = clientOf(shell);
  await assertCluster(client, cluster);
  return (await client.ask(PolicyProfilesDocument, { cluster })).policyProfiles ?? [];
}

const listingOf = (profiles: Profiles): Listing => ({
  heading: ['name', 'origin', 'version', 'changed', 'by'],
  rows: profiles.map(({ name, origin, version, updatedAt, updatedBy }) => [
    name,
    origin === 'BUILT_IN' ? 'built in' : 'stored',
    `${version}`,
    updatedAt ?? '',
    updatedBy ?? '',
  ]),
  value: { profiles },
  empty: 'no profiles',
});

export const addProfileList: AddCommands = shell => {
  const command = addCluster(nounOf(shell.program).command('list'))
    .description('profiles of a cluster, those that come with the program first')
    .addHelpText('after', '\nExample:\n  $ weirgate profile list --cluster production');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: Options) => {
    await show(shell, listingOf(await profilesOf(shell, options.cluster)), options);
  });
};

export const addProfileShow: AddCommands = shell => {
  addCluster(nounOf(shell.program).command('show'))
    .argument('<name>', 'name of the profile')
    .description('one profile as YAML, to be changed and put back')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate profile show gpu --cluster production | sed "s/^name: gpu/name: own/" > own.yaml',
    )
    .action(async (name: string, { cluster }: Options) => {
      const all = await profilesOf(shell, cluster);
      const found = all.find(one => one.name === name);
      if (found === undefined)
        throw unknownName(
          `no profile is named \`${name}\``,
          name,
          all.map(one => one.name),
          'see `weirgate profile list`',
        );
      await writeAsItIs(shell.io.stdout, stringify(found.definition));
    });
};

type PutOptions = Options & { readonly expectedVersion?: string };

const versionOption = (): Option =>
  new Option(
    '--expected-version <n>',
    'do nothing where the profile has another version (0: none yet)',
  );

/** @throws Failure for what is no number */
function versionOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Failure(`\`${text}\` is no version`, 'write a number, such as 3');
}

export const addProfilePut: AddCommands = shell => {
  const command = addCluster(nounOf(shell.program).command('put'))
    .argument('<file>', 'YAML or JSON, `-` for standard input')
    .description('store a profile under its name, or change the one that has it')
    .addOption(versionOption())
    .addHelpText(
      'after',
      `
Examples:
  $ weirgate profile put own.yaml --cluster production
  $ weirgate netpol generate --cluster production --profile own --output-dir ./generated-policies/`,
    );
  addOutput(command, LISTING_FORMATS, 'table').action(async (file: string, options: PutOptions) =>
    shell.finish(await put(shell, file, options)),
  );
};

async function put(shell: Shell, file: string, options: PutOptions): Promise<Exit> {
  const profile = yamlIn(file, await readTextAt(file, shell.io.stdin));
  const { cluster } = options;
  const { putPolicyProfile } = await clientOf(shell).ask(PutPolicyProfileDocument, {
    input: { cluster, profile, expectedVersion: versionOf(options.expectedVersion) },
  });
  await tellProblems(shell.io, putPolicyProfile.problems);
  if (hasErrors(putPolicyProfile.problems) || putPolicyProfile.profile === null) return Exit.FAILED;
  await show(shell, listingOf([putPolicyProfile.profile]), options);
  return Exit.CLEAN;
}

export const addProfileDelete: AddCommands = shell => {
  const command = addCluster(nounOf(shell.program).command('delete'))
    .argument('<name>', 'name of the profile')
    .description('delete a stored profile; sets that were generated with it stay')
    .addOption(versionOption())
    .addHelpText('after', '\nExample:\n  $ weirgate profile delete own --cluster production');
  addDoneOutput(command).action(async (name: string, options: PutOptions) => {
    const { cluster, expectedVersion } = options;
    const { deletePolicyProfile } = await clientOf(shell).ask(DeletePolicyProfileDocument, {
      input: { cluster, name, expectedVersion: versionOf(expectedVersion) },
    });
    const { deleted, problems } = deletePolicyProfile;
    await tellProblems(shell.io, problems);
    if (!deleted) return shell.finish(Exit.FAILED);
    await show(shell, doneListing({ profile: name, deleted }), options);
  });
};
