import { type Command, Option } from 'commander';
import {
  ExternalBlocksDocument,
  type ExternalBlocksQuery,
  ImportExternalBlocksDocument,
} from '../../generated/cli.js';
import { clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { readTextAt } from '../offline/sources.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { type AddCommands, Exit, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { blocksIn } from './external-block-file.js';
import { SHORT_ID } from './id-ending.js';
import { assertCluster } from './known.js';
import { allNodes } from './pages.js';
import { hasErrors, tellProblems } from './problem-text.js';

type Blocks = NonNullable<ExternalBlocksQuery['externalBlocks']>['nodes'];

type Options = OutputOptions & { readonly cluster?: string };

export const EXTERNAL_ENTITY_NOUN = [
  'external-entity',
  'names for blocks of addresses outside',
] as const;

const nounOf = (program: Command): Command => group(program, ...EXTERNAL_ENTITY_NOUN);

export const addExternalEntityList: AddCommands = shell => {
  const command = nounOf(shell.program)
    .command('list')
    .description('named blocks; of a cluster, those that hold for every cluster included')
    .option('--cluster <name>', 'name of the cluster')
    .addHelpText('after', '\nExample:\n  $ weirgate external-entity list --cluster production');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: Options) => {
    const client = clientOf(shell);
    const { cluster = null } = options;
    if (cluster !== null) await assertCluster(client, cluster);
    const blocks = await allNodes(
      async after => (await client.ask(ExternalBlocksDocument, { cluster, after })).externalBlocks,
    );
    await show(shell, listingOf(blocks), options);
  });
};

type ImportOptions = Options & { readonly mode: 'merge' | 'replace' };

const MODES = { merge: 'MERGE', replace: 'REPLACE' } as const;

export const addExternalEntityImport: AddCommands = shell => {
  const command = nounOf(shell.program)
    .command('import')
    .argument('<file>', 'JSON or CSV, `-` for standard input')
    .description('name blocks of addresses outside, for a cluster or for every one')
    .option('--cluster <name>', 'name of the cluster (default: they hold for every cluster)')
    .addOption(
      new Option('--mode <mode>', 'replace: blocks that are not in the file are forgotten')
        .choices(['merge', 'replace'])
        .default('merge'),
    )
    .addHelpText(
      'after',
      `
The file has lines such as \`office,203.0.113.0/24\`, or is a list such as
[{"name": "office", "cidrs": ["203.0.113.0/24", "2001:db8::/32"]}].

Examples:
  $ weirgate external-entity import blocks.csv --cluster production
  $ weirgate network-flow list --cluster production --destination EXTERNAL:office`,
    );
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (file: string, options: ImportOptions) =>
      shell.finish(await importFrom(shell, file, options)),
  );
};

async function importFrom(shell: Shell, file: string, options: ImportOptions): Promise<Exit> {
  const blocks = blocksIn(await readTextAt(file, shell.io.stdin));
  const input = { cluster: options.cluster ?? null, blocks, mode: MODES[options.mode] };
  const { importExternalBlocks } = await clientOf(shell).ask(ImportExternalBlocksDocument, {
    input,
  });
  await tellProblems(shell.io, importExternalBlocks.problems);
  if (hasErrors(importExternalBlocks.problems) || importExternalBlocks.blocks === null)
    return Exit.FAILED;
  await show(shell, listingOf(importExternalBlocks.blocks), options);
  const given = blocks.reduce((sum, { cidrs }) => sum + Math.max(1, cidrs.length), 0);
  const isNoneTaken = given > 0 && importExternalBlocks.problems.length >= given;
  return isNoneTaken ? Exit.FAILED : Exit.CLEAN;
}

const listingOf = (blocks: Blocks): Listing => ({
  heading: ['name', 'cidr', 'cluster', 'id ends in'],
  rows: blocks.map(({ id, name, cidr, cluster }) => [
    name,
    cidr,
    cluster?.name ?? 'every cluster',
    id.slice(-SHORT_ID),
  ]),
  value: {
    blocks: blocks.map(({ id, name, cidr, cluster }) => ({
      id,
      name,
      cidr,
      cluster: cluster?.name ?? null,
    })),
  },
  empty: 'no block has a name: import some by `weirgate external-entity import`',
});
