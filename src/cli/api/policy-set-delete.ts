import { DeletePolicySetsDocument } from '../../generated/cli.js';
import type { ApiClient } from '../client.js';
import { clientOf } from '../client.js';
import { group } from '../command.js';
import { addDoneOutput, doneListing } from '../done.js';
import { type AddCommands, Exit } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { deletedByIds } from './deleted-by-ids.js';
import { assertChosen, endingIn } from './id-ending.js';
import {
  addPolicySetFilter,
  POLICY_SET_NOUN,
  type PolicySetOptions,
  setsOf,
  wantedSets,
} from './policy-set.js';
import { hasErrors, tellProblems } from './problem-text.js';

type Options = OutputOptions & PolicySetOptions;

const KIND = {
  one: 'version of a policy set',
  many: 'versions of policy sets',
  list: 'policy-set list --all-versions',
};

const isChosen = ({ cluster, name, origin }: Options): boolean =>
  [cluster, name, origin].some(each => each !== undefined);

/**
 * The ids of those that are named, or that the filter finds now: when the latest versions go, those before become the latest, so
 * that a filter must not be asked again.
 */
async function idsOf(
  client: ApiClient,
  texts: readonly string[],
  options: Options,
): Promise<readonly string[]> {
  if (texts.length === 0) return (await wantedSets(client, options)).map(({ id }) => id);
  const all = await setsOf(client, { allVersions: true });
  return texts.map(text => endingIn(all, text, KIND).id);
}

export const addPolicySetDelete: AddCommands = shell => {
  const command = addPolicySetFilter(group(shell.program, ...POLICY_SET_NOUN).command('delete'))
    .argument('[ids...]', 'ids of versions of sets, or enough of their ends to tell them apart')
    .description('delete policy sets by ids or by a filter: of each name the latest version')
    .addHelpText(
      'after',
      `
What \`policy-set list\` shows with the same flags is deleted: with --all-versions, all versions.
Simulations of them stay.

Examples:
  $ weirgate policy-set delete MzA6MTo3Mg
  $ weirgate policy-set delete --cluster production --name generated-shop --all-versions`,
    );
  addDoneOutput(command).action(async (texts: readonly string[], options: Options) => {
    assertChosen(texts, isChosen(options), { one: 'policy set', filter: '--name generated-shop' });
    const client = clientOf(shell);
    const { deleted, problems } = await deletedByIds(
      await idsOf(client, texts, options),
      async ids =>
        (await client.ask(DeletePolicySetsDocument, { input: { ids } })).deletePolicySets,
    );
    await tellProblems(shell.io, problems);
    if (hasErrors(problems)) return shell.finish(Exit.FAILED);
    await show(shell, doneListing({ deleted }), options);
  });
};
