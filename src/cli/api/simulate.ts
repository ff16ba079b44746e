import type { Asker } from '../client.js';
import { addExits, addOutput, group, outputOf } from '../command.js';
import { failOnOption } from '../fail-on.js';
import { readSources, readTextAt } from '../offline/sources.js';
import { terminalOf } from '../print/terminal.js';
import { type AddCommands, Exit, Failure, write } from '../shell.js';
import type { BlastOptions } from './blast-radius.js';
import { addWindow, type WindowOptions } from './flow-options.js';
import { collected } from './generate-options.js';
import { type Joined, joinYaml } from './joined.js';
import { tellProblems } from './problem-text.js';
import { CHANGED_CLASSES, type Simulated, simulate } from './simulated.js';
import { isOwn } from './simulation-rows.js';
import { SIMULATION_FORMATS, type SimulationFormat, simulationText } from './simulation-text.js';
import { addSubject, type Subject, type SubjectOptions, withSubject } from './subject.js';

export type SimulateOptions = WindowOptions &
  BlastOptions & {
    readonly policyDir?: string;
    readonly policySet?: string;
    readonly assertions?: string;
    readonly remove: readonly string[];
    readonly all?: boolean;
    readonly failOn: readonly FailOn[];
    readonly output: SimulationFormat;
    readonly outputFormat?: SimulationFormat;
  };

const EXAMPLE = `
Example, in a pipeline:
  $ weirgate netpol simulate --cluster production --policy-dir ./policies --since 30d --output markdown
  $ weirgate netpol simulate --manifests ./cluster/ --flows flows.jsonl.gz --policy-dir ./policies

The policies of the folder replace those in force of the same namespace and name, else they are added.`;

export const SIMULATION_EXITS =
  '0 when nothing is found, 1 when a flow is newly blocked, newly allowed or undecidable, lint finds an error in the policies or an assertion does not hold, 2 for bad input, which a candidate without any policy is; --fail-on changes what counts';

export const addSimulate: AddCommands = shell => {
  const command = group(shell.program, 'netpol', 'NetworkPolicies')
    .command('simulate')
    .description('what policies would block or allow of the flows that were observed')
    .option('--remove <policy>', REMOVE_HELP, collected, [])
    .addHelpText('after', EXAMPLE);
  addExits(command, SIMULATION_EXITS);
  addOutput(addSimulateOptions(addSubject(command)), SIMULATION_FORMATS, 'table').action(
    async (options: SimulateOptions & SubjectOptions) =>
      shell.finish(
        await withSubject(shell, options, subject => runSimulation(shell, options, subject)),
      ),
  );
};

export const REMOVE_HELP = 'a policy in force to take away, as namespace/name (repeatable)';

/** What `simulate`, and `connectivity diff` of a cluster, take beside the cluster. */
export const addSimulateOptions = (
  command: Parameters<typeof addWindow>[0],
): ReturnType<typeof addWindow> =>
  addWindow(command)
    .option('--policy-dir <path>', 'folder or file with policies; `-` for standard input')
    .option(
      '--policy-set <name>',
      'a policy set that the server keeps, as `netpol generate` names it',
    )
    .option('--assertions <file>', 'what must hold, as docs/assertions.md has it')
    .option('--blast-radius', 'also say how far one gets from outside, before and after')
    .option(
      '--compromised <deployment>',
      'the same from a deployment that is held, as namespace/name',
    )
    .option(
      '--sensitive <labels>',
      'the same to the pods with these labels: `key=value`, more with commas',
    )
    .option('--all', 'also list the flows that stay allowed')
    .addOption(failOnOption(FAIL_ON, STANDARD));

/** Simulates, prints the report, and answers whether observed flows change. */
export const runSimulation = async (
  shell: Asker,
  options: SimulateOptions,
  { client, cluster }: Subject,
): Promise<Exit> => {
  const { io } = shell;
  const candidate = await candidateOf(shell, options);
  const assertionFile = options.assertions ?? null;
  const assertions = assertionFile === null ? null : await readTextAt(assertionFile, io.stdin);
  const { simulated, problems } = await simulate(
    client,
    {
      cluster,
      policies: candidate?.text ?? null,
      policySet: options.policySet ?? null,
      remove: options.remove,
      assertions,
      since: options.since ?? null,
      until: options.until ?? null,
    },
    {
      classes: options.all === true ? [...CHANGED_CLASSES, 'STILL_ALLOWED'] : CHANGED_CLASSES,
      blast: options,
    },
  );
  const origin = candidate?.origin ?? null;
  const isAsserted = ({ code }: (typeof problems)[number]) => code.startsWith('ASSERTION_');
  const ofAll = problems.filter(each => !isAsserted(each));
  await tellProblems(io, ofAll, origin);
  const ofAssertions = problems.filter(isAsserted);
  await tellProblems(
    io,
    ofAssertions.map(each => ({ ...each, file: assertionFile })),
  );
  if (simulated === null) return Exit.FAILED;
  const terminal = terminalOf(io.stdout, io.env);
  await write(
    io.stdout,
    simulationText(simulated, outputOf(options), {
      origin,
      terminal,
      assertionFile,
      compromised: options.compromised ?? null,
      sensitive: options.sensitive ?? null,
      problems: ofAll,
    }),
  );
  return outcomeOf(simulated, options.failOn);
};

const candidateOf = async (
  { io }: Asker,
  { policyDir, policySet, remove, assertions }: SimulateOptions,
): Promise<Joined | null> => {
  if (policyDir !== undefined) {
    const sources = await readSources([policyDir], io.stdin);
    if (sources.length > 0) return joinYaml(sources);
    throw new Failure(`\`${policyDir}\` holds no policy`, 'files end in .yaml, .yml or .json');
  }
  if (policySet !== undefined || remove.length > 0 || assertions !== undefined) return null;
  throw new Failure(
    'nothing is proposed',
    'give --policy-dir, --policy-set, --remove or --assertions',
  );
};

const FAIL_ON = {
  'newly-blocked': ({ summary }) => summary.newlyBlocked > 0,
  'newly-allowed': ({ summary }) => summary.newlyAllowed > 0,
  undecidable: ({ summary }) => summary.undecidable > 0,
  'still-blocked': ({ summary }) => summary.stillBlocked > 0,
  error: ({ findings }) => findings.some(finding => finding.severity === 'ERROR' && isOwn(finding)),
  warning: ({ findings }) =>
    findings.some(finding => finding.severity !== 'INFO' && isOwn(finding)),
  assertion: ({ assertions }) => assertions.some(({ holds }) => !holds),
  connectivity: ({ connectivity }) => connectivity.length > 0,
} as const satisfies Readonly<Record<string, (simulated: Simulated) => boolean>>;

type FailOn = keyof typeof FAIL_ON;

const STANDARD: readonly FailOn[] = [
  'newly-blocked',
  'newly-allowed',
  'undecidable',
  'error',
  'assertion',
];

const outcomeOf = (simulated: Simulated, failOn: readonly FailOn[]): Exit =>
  failOn.some(name => FAIL_ON[name](simulated)) ? Exit.FINDINGS : Exit.CLEAN;
