import {
  type Compiled,
  compareSets,
  compile,
  connectivityMap,
  type DiffRow,
  diffRow,
  formatDiff,
  formatMapPeer,
  formatPortSet,
  isNoPorts,
  LIST_FORMATS,
  type ListFormat,
  type ListRow,
  type MapPeer,
  type PortSet,
  type WorkloadChanges,
} from '../../netpol/index.js';
import { addExits, addOutput, group, isOnline, isWritten, outputOf } from '../command.js';
import {
  type AddCommands,
  type CliIo,
  Exit,
  Failure,
  type OnlineVariant,
  write,
} from '../shell.js';
import { addOutputFile, type DocumentOptions, writeDocument } from './document.js';
import {
  addModes,
  addStrictness,
  cniNotes,
  isBad,
  type ModeOptions,
  modesOf,
  problemText,
  type ReadingOptions,
  readManifestsAt,
} from './manifests.js';

type DiffOptions = ReadingOptions &
  ModeOptions &
  DocumentOptions & {
    readonly dir1?: string;
    readonly dir2?: string;
    readonly output: ListFormat;
    readonly outputFormat?: ListFormat;
    /** What was written; left out: every difference counts. */
    readonly failOn?: readonly string[] | undefined;
  };

type Changed = { readonly newlyAllowed: PortSet; readonly newlyBlocked: PortSet };

/** What counts where no flows were observed. */
const FAIL_ON: Readonly<Record<string, (pair: Changed) => boolean>> = {
  'newly-allowed': ({ newlyAllowed }) => !isNoPorts(newlyAllowed),
  'newly-blocked': ({ newlyBlocked }) => !isNoPorts(newlyBlocked),
  connectivity: () => true,
};

const isFound = (pairs: readonly Changed[], failOn: readonly string[] = ['connectivity']) =>
  failOn.some(name => pairs.some(pair => FAIL_ON[name]?.(pair) === true));

const assertOfPairs = (failOn: readonly string[] = []): void => {
  const other = failOn.find(name => FAIL_ON[name] === undefined);
  if (other !== undefined)
    throw new Failure(
      `\`--fail-on ${other}\` is about observed flows, and folders have none`,
      `say ${Object.keys(FAIL_ON).join(', ')} or none, or give --cluster`,
    );
};

export const addConnectivityDiff =
  (online: OnlineVariant | null = null): AddCommands =>
  ({ program, io, finish }) => {
    const netpol = group(program, 'netpol', 'NetworkPolicies');
    const command = group(netpol, 'connectivity', 'What may talk to what')
      .command('diff')
      .description('What the policies of one folder allow or block beyond those of another')
      .option('--dir1 <path>', 'folder or file with the manifests before')
      .option('--dir2 <path>', 'folder or file with the manifests after');
    addOutput(addOutputFile(addStrictness(addModes(command))), LIST_FORMATS, 'txt');
    addExits(
      command,
      '0 without differences, 1 with differences, 2 for bad input; --fail-on changes what counts',
    );
    online?.addOptions(command);
    command.action(async (options: DiffOptions) => {
      if (online !== null && isOnline(command)) return finish(await online.run(command, io));
      const failOn = isWritten(command, 'failOn') ? options.failOn : undefined;
      finish(await run({ ...options, failOn }, io));
    });
  };

const run = async (options: DiffOptions, io: CliIo): Promise<Exit> => {
  const { dir1, dir2 } = options;
  if (dir1 === undefined || dir2 === undefined) {
    throw new Failure('there is nothing to compare', 'give --dir1 and --dir2');
  }
  assertOfPairs(options.failOn);
  await write(io.stderr, cniNotes(options));
  const before = await compiledAt(dir1, options, io);
  const after = await compiledAt(dir2, options, io);
  const difference = compareSets(before.compiled, after.compiled, { withItself: true });
  const { addedWorkloads, removedWorkloads } = difference;
  // The list does not show a workload against itself.
  const pairs = difference.pairs.filter(({ source, destination }) => source !== destination);
  await write(io.stderr, ownTraffic(difference.pairs.length - pairs.length));
  const workloads: WorkloadChanges = {
    added: new Set(addedWorkloads.map(formatMapPeer)),
    removed: new Set(removedWorkloads.map(formatMapPeer)),
  };
  const rows = pairs.map(pair =>
    diffRow(
      {
        source: formatMapPeer(pair.source),
        destination: formatMapPeer(pair.destination),
        before: textOf(pair.before),
        after: textOf(pair.after),
        newlyAllowed: textOf(pair.newlyAllowed),
        newlyBlocked: textOf(pair.newlyBlocked),
      },
      workloads,
    ),
  );
  const format = outputOf(options);
  const unchanged = format === 'dot' ? unchangedRows(after.compiled, rows) : [];
  const document = formatDiff(rows, { unchanged, workloads }, format);
  await writeDocument(document, { ...options, format, stem: 'connectivity-diff' }, io);
  if (before.bad || after.bad) return Exit.FAILED;
  return isFound(pairs, options.failOn) ? Exit.FINDINGS : Exit.CLEAN;
};

const ownTraffic = (count: number): string =>
  count === 0
    ? ''
    : `note: what may go between pods of ${count === 1 ? 'one workload' : `each of ${count} workloads`} differs too; the list shows no workload against itself\n`;

/** Empty for no connections, as `diffRow` wants it. */
const textOf = (ports: PortSet): string => (isNoPorts(ports) ? '' : formatPortSet(ports));

type State = { readonly compiled: Compiled; readonly bad: boolean };

const compiledAt = async (path: string, options: DiffOptions, io: CliIo): Promise<State> => {
  const { facts, policies, bad } = await readManifestsAt([path], options, io);
  if (facts.pods.length === 0 && policies.length === 0)
    throw new Failure(
      `\`${path}\` holds neither a workload nor a policy`,
      'name the folder of the whole state, before and after',
    );
  const compiled = compile(facts, policies, modesOf(options));
  await write(io.stderr, compiled.problems.map(problemText).join(''));
  return { compiled, bad: bad || isBad(compiled.problems, options) };
};

/** Rows of the later map that no difference speaks of. */
const unchangedRows = (after: Compiled, changed: readonly DiffRow[]): readonly ListRow[] => {
  const pairs = new Set(changed.map(({ source, destination }) => `${source} ${destination}`));
  const isChanged = (source: MapPeer, destination: MapPeer): boolean =>
    pairs.has(`${formatMapPeer(source)} ${formatMapPeer(destination)}`);
  return [...connectivityMap(after)]
    .filter(({ source, destination }) => !isChanged(source, destination))
    .map(({ source, destination, ports }) => ({
      src: formatMapPeer(source),
      dst: formatMapPeer(destination),
      conn: formatPortSet(ports),
    }));
};
