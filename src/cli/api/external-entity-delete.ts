import {
  DeleteExternalBlocksDocument,
  type ExternalBlockFilter,
  ExternalBlocksFoundDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { group } from '../command.js';
import { addDoneOutput, doneListing } from '../done.js';
import { type AddCommands, Exit, Failure } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { type Deleted, deletedByIds } from './deleted-by-ids.js';
import { EXTERNAL_ENTITY_NOUN } from './external-entity.js';
import { equalTo } from './flow-options.js';
import { assertChosen, endingIn } from './id-ending.js';
import { assertCluster } from './known.js';
import { allNodes } from './pages.js';
import { hasErrors, tellProblems } from './problem-text.js';

type Options = OutputOptions & {
  readonly cluster?: string;
  readonly name?: string;
  readonly within?: string;
};

const isChosen = ({ cluster, name, within }: Options): boolean =>
  [cluster, name, within].some(each => each !== undefined);

const filterOf = ({ cluster, name, within }: Options): ExternalBlockFilter => ({
  cluster: equalTo(cluster),
  name: equalTo(name),
  cidr: within === undefined ? null : { within },
});

async function byIds(client: ApiClient, texts: readonly string[]): Promise<Deleted> {
  const all = await allNodes(async after => {
    const found = await client.ask(ExternalBlocksFoundDocument, { filter: {}, after });
    if (found.externalBlocks === null) throw new Failure('the blocks could not be read');
    return found.externalBlocks;
  });
  const kind = { one: 'block', many: 'blocks', list: 'external-entity list' };
  const ids = texts.map(text => endingIn(all, text, kind).id);
  return deletedByIds(
    ids,
    async some =>
      (await client.ask(DeleteExternalBlocksDocument, { input: { ids: some } }))
        .deleteExternalBlocks,
  );
}

/** So many at once as the server takes, until the filter finds no more. */
async function byFilter({ ask }: ApiClient, filter: ExternalBlockFilter): Promise<Deleted> {
  for (let deleted = 0; ; ) {
    const input = { filter };
    const answer = (await ask(DeleteExternalBlocksDocument, { input })).deleteExternalBlocks;
    deleted += answer.deleted;
    if (!answer.more || answer.deleted === 0) return { deleted, problems: answer.problems };
  }
}

export const addExternalEntityDelete: AddCommands = shell => {
  const command = group(shell.program, ...EXTERNAL_ENTITY_NOUN)
    .command('delete')
    .argument('[ids...]', 'ids of blocks, or enough of their ends to tell them apart')
    .description('take names from blocks of addresses outside, by ids or by a filter')
    .option('--cluster <name>', 'only blocks that were named for this cluster alone')
    .option('--name <name>', 'only blocks of this name')
    .option('--within <cidr>', 'only blocks that lie in this one, or are it')
    .addHelpText(
      'after',
      `
No stored flow changes.

Examples:
  $ weirgate external-entity delete --cluster production --name office
  $ weirgate external-entity delete --within 203.0.113.0/24`,
    );
  addDoneOutput(command).action(async (texts: readonly string[], options: Options) => {
    assertChosen(texts, isChosen(options), { one: 'block', filter: '--name office' });
    const client = clientOf(shell);
    if (options.cluster !== undefined) await assertCluster(client, options.cluster);
    const { deleted, problems } = await (texts.length > 0
      ? byIds(client, texts)
      : byFilter(client, filterOf(options)));
    await tellProblems(shell.io, problems);
    if (hasErrors(problems)) return shell.finish(Exit.FAILED);
    await show(shell, doneListing({ deleted }), options);
  });
};
