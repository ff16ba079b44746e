import { type Command, Option } from 'commander';
import {
  DeleteSimulationDocument,
  DeleteSimulationsDocument,
  type SimulationFilter,
  type SimulationLineFragment,
  type SimulationStatus,
  SimulationsDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group, outputOf } from '../command.js';
import { addDoneOutput, doneListing } from '../done.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { terminalOf } from '../print/terminal.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, Failure, write } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addWindow, equalTo, type WindowOptions } from './flow-options.js';
import { assertChosen, endingIn, SHORT_ID } from './id-ending.js';
import { assertCluster } from './known.js';
import { allNodes } from './pages.js';
import { type ApiProblem, hasErrors, tellProblems } from './problem-text.js';
import { CHANGED_CLASSES, simulatedOf } from './simulated.js';
import { SIMULATION_FORMATS, type SimulationFormat, simulationText } from './simulation-text.js';

const NOUN = ['simulation', 'what policies would have blocked or allowed, as it was kept'] as const;

type Options = WindowOptions & {
  readonly cluster?: string;
  readonly policySet?: string;
  readonly caller?: string;
  readonly status?: Lowercase<SimulationStatus>;
};

const STATUSES: readonly Lowercase<SimulationStatus>[] = [
  'pending',
  'running',
  'done',
  'failed',
  'cancelled',
];

const addFilter = (command: Command): Command =>
  addWindow(command, 'asked for')
    .option('--cluster <name>', 'only of this cluster')
    .option('--policy-set <name>', 'only of this policy set')
    .option('--caller <name>', 'only those that this caller asked for')
    .addOption(new Option('--status <status>', 'only in this state').choices(STATUSES));

const CHOOSING = ['cluster', 'policySet', 'caller', 'status', 'since', 'until'] as const;

const isChosen = (options: Options): boolean => CHOOSING.some(name => options[name] !== undefined);

const filterOf = ({ since, until, ...options }: Options): SimulationFilter => ({
  cluster: equalTo(options.cluster),
  policySet: equalTo(options.policySet),
  caller: equalTo(options.caller),
  status: options.status === undefined ? null : [options.status.toUpperCase() as SimulationStatus],
  createdAt:
    since === undefined && until === undefined ? null : { gte: since ?? null, lt: until ?? null },
});

const simulationsOf = ({ ask }: ApiClient, filter: SimulationFilter | null) =>
  allNodes(async after => (await ask(SimulationsDocument, { filter, after })).simulations);

const simulationNamed = async (client: ApiClient, text: string) =>
  endingIn(await simulationsOf(client, null), text, {
    one: 'simulation',
    many: 'simulations',
    list: 'simulation list',
  });

const listingOf = (simulations: readonly SimulationLineFragment[]): Listing => ({
  heading: [
    'status',
    'cluster',
    'asked for',
    'by',
    'policy set',
    'blocked',
    'allowed',
    'id ends in',
  ],
  rows: simulations.map(({ summary, request, ...one }) => [
    one.status,
    one.cluster.name,
    shortTime(one.createdAt),
    one.caller ?? '-',
    request.policySet ?? '-',
    `${summary.newlyBlocked}`,
    `${summary.newlyAllowed}`,
    one.id.slice(-SHORT_ID),
  ]),
  value: {
    simulations: simulations.map(({ cluster, request, ...one }) => ({
      ...one,
      cluster: cluster.name,
      policySet: request.policySet,
    })),
  },
  empty: 'no simulations',
});

export const addSimulationList: AddCommands = shell => {
  const command = addFilter(group(shell.program, ...NOUN).command('list'))
    .description('simulations that the server keeps, latest first')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate simulation list --cluster production --since 7d',
    );
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: Options & OutputOptions) => {
    const client = clientOf(shell);
    if (options.cluster !== undefined) await assertCluster(client, options.cluster);
    await show(shell, listingOf(await simulationsOf(client, filterOf(options))), options);
  });
};

const ID = 'id of the simulation, or enough of its end to tell it apart';

type ShowOptions = {
  readonly output: SimulationFormat;
  readonly outputFormat?: SimulationFormat;
  readonly all?: boolean;
};

export const addSimulationShow: AddCommands = shell => {
  const { io } = shell;
  const command = group(shell.program, ...NOUN)
    .command('show')
    .argument('<id>', ID)
    .description('the report of a simulation, as `netpol simulate` printed it')
    .option('--all', 'also list the flows that stay allowed')
    .addHelpText('after', '\nExample:\n  $ weirgate simulation show ZTFhZjEyMw --output markdown');
  addOutput(command, SIMULATION_FORMATS, 'table').action(
    async (text: string, options: ShowOptions) => {
      const client = clientOf(shell);
      const { id } = await simulationNamed(client, text);
      const classes =
        options.all === true ? ([...CHANGED_CLASSES, 'STILL_ALLOWED'] as const) : CHANGED_CLASSES;
      const simulated = await simulatedOf(client, id, { classes, blast: {} });
      const terminal = terminalOf(io.stdout, io.env);
      const how = {
        origin: null,
        terminal,
        assertionFile: null,
        compromised: null,
        sensitive: null,
        problems: [],
      };
      await write(io.stdout, simulationText(simulated, outputOf(options), how));
    },
  );
};

type Deleted = { readonly deleted: number; readonly problems: readonly ApiProblem[] };

async function byIds({ ask }: ApiClient, ids: readonly string[]): Promise<Deleted> {
  const problems: ApiProblem[] = [];
  let deleted = 0;
  for (const id of ids) {
    const answer = (await ask(DeleteSimulationDocument, { input: { id } })).deleteSimulation;
    if (answer?.deleted === true) deleted += 1;
    problems.push(...(answer?.problems ?? []));
  }
  return { deleted, problems };
}

async function byFilter({ ask }: ApiClient, filter: SimulationFilter): Promise<Deleted> {
  for (let deleted = 0; ; ) {
    const answer = (await ask(DeleteSimulationsDocument, { input: { filter } })).deleteSimulations;
    if (answer === null) throw new Failure('the simulations could not be deleted');
    deleted += answer.deleted;
    if (!answer.more || answer.deleted === 0) return { deleted, problems: answer.problems };
  }
}

export const addSimulationDelete: AddCommands = shell => {
  const { io, finish } = shell;
  const command = addFilter(group(shell.program, ...NOUN).command('delete'))
    .argument('[ids...]', 'ids of simulations, or enough of their ends to tell them apart')
    .description('delete simulations that have ended, by ids or by a filter')
    .addHelpText(
      'after',
      '\nExamples:\n  $ weirgate simulation delete ZTFhZjEyMw\n  $ weirgate simulation delete --cluster production --until 90d',
    );
  addDoneOutput(command).action(
    async (texts: readonly string[], options: Options & OutputOptions) => {
      assertChosen(texts, isChosen(options), { one: 'simulation', filter: '--until 90d' });
      const client = clientOf(shell);
      if (options.cluster !== undefined) await assertCluster(client, options.cluster);
      const ids: string[] = [];
      for (const text of texts) ids.push((await simulationNamed(client, text)).id);
      const { deleted, problems } = await (texts.length > 0
        ? byIds(client, ids)
        : byFilter(client, filterOf(options)));
      await tellProblems(io, problems);
      if (hasErrors(problems)) return finish(Exit.FAILED);
      await show(shell, doneListing({ deleted }), options);
    },
  );
};
