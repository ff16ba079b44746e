import {
  type Compiled,
  type ConnectivityMap,
  compile,
  connectivityMap,
  counted,
  deadRoutes,
  deniedPairs,
  type ExplainedRow,
  type Exposure,
  explainerOf,
  exposureOf,
  type Facts,
  formatList,
  formatMapPeer,
  formatPortSet,
  isPeerNamed,
  LIST_FORMATS,
  type ListFormat,
  type MapRow,
  type Problem,
  workloadNameOf,
} from '../../netpol/index.js';
import { addEffects, addOutput, group, outputOf } from '../command.js';
import { type AddCommands, type CliIo, Exit, Failure, write } from '../shell.js';
import { addOutputFile, type DocumentOptions, writeDocument } from './document.js';
import {
  addModes,
  addStrictness,
  cniNotes,
  isBad,
  type Manifests,
  type ModeOptions,
  modesOf,
  problemText,
  type ReadingOptions,
  readManifestsAt,
} from './manifests.js';
import { orderWarnings } from './order-warnings.js';

type MapOptions = ReadingOptions &
  ModeOptions &
  DocumentOptions & {
    readonly output: ListFormat;
    readonly outputFormat?: ListFormat;
    readonly explain?: boolean;
    readonly explainDenied?: number | true;
    readonly exposure?: boolean;
    readonly focusWorkload?: readonly string[];
  };

const EXAMPLE = `
Example:
  $ weirgate netpol connectivity map ./manifests --exposure --output json`;

/** A text of some hundred characters each. */
const MOST_DENIED = 1_000;

const countOf = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Failure(`\`${text}\` is no number of pairs`, 'write a whole number above 0');
};

export const addConnectivityMap: AddCommands = ({ program, io, finish }) => {
  const netpol = group(program, 'netpol', 'NetworkPolicies');
  const command = group(netpol, 'connectivity', 'What may talk to what')
    .command('map')
    .argument('<paths...>', 'folders or files with manifests, `-` for standard input')
    .description('The connections that the policies of manifests allow')
    .addHelpText('after', EXAMPLE)
    .option('--exposure', 'show also which future pods and namespaces the rules would admit')
    .option('--explain', 'show which rules allow each pair (txt and json)')
    .option(
      '--explain-denied [most]',
      `show also pairs without a connection, and why (txt and json); at most so many (default: ${MOST_DENIED})`,
      countOf,
    )
    .option(
      '--focus-workload <names>',
      'only pairs of these workloads: name, ns/name or ns/name[Kind], with commas between several (repeatable)',
      (names: string, before: readonly string[] = []) => [...before, ...names.split(',')],
    );
  addOutput(addOutputFile(addStrictness(addModes(command))), LIST_FORMATS, 'txt');
  addEffects(command, [
    {
      of: ['explain'],
      when: ({ output, outputFormat }) => ['txt', 'json'].includes(String(outputFormat ?? output)),
      says: 'in this format: txt and json show it',
    },
  ]);
  command.action(async (paths: readonly string[], options: MapOptions) =>
    finish(await run(paths, options, io)),
  );
};

const run = async (paths: readonly string[], options: MapOptions, io: CliIo): Promise<Exit> => {
  const { facts, policies, placeOf, bad } = await readManifestsAt(paths, options, io);
  const compiled = compile(facts, policies, modesOf(options));
  const map = connectivityMap(compiled);
  const allowed = rowsOf(compiled, map, options);
  const denied = deniedRows(compiled, options);
  const rows = [...allowed, ...denied.rows];
  const unknown = unknownFocus(facts, rows, options.focusWorkload);
  const warnings = [
    ...emptyList(facts, map),
    ...compiled.problems,
    ...map.warnings,
    ...deadRoutes(compiled).map(dead => deadRoute(dead, placeOf)),
    ...orderWarnings(compiled),
    ...unknown,
    ...denied.warnings,
  ];
  await write(io.stderr, cniNotes(options));
  await write(io.stderr, warnings.map(problemText).join(''));
  const exposed = options.exposure === true ? exposureOf(facts, policies, modesOf(options)) : null;
  const exposure = exposed && focusedExposure(exposed, options);
  const format = outputOf(options);
  await writeDocument(
    formatList(rows, exposure, format),
    { ...options, format, stem: 'connlist' },
    io,
  );
  return bad || unknown.length > 0 || isBad(warnings, options) ? Exit.FAILED : Exit.CLEAN;
};

const rowsOf = (
  compiled: Compiled,
  map: Iterable<MapRow>,
  { explain, explainDenied, focusWorkload }: MapOptions,
): readonly ExplainedRow[] => {
  const isExplained = explain === true || explainDenied !== undefined;
  const explanationOf = isExplained ? explainerOf(compiled) : null;
  const [peerText, portsText] = [remembered(formatMapPeer), remembered(formatPortSet)];
  const shown: ExplainedRow[] = [];
  for (const row of map) {
    const [src, dst] = [peerText(row.source), peerText(row.destination)];
    if (!isFocused([src, dst], focusWorkload)) continue;
    const conn = portsText(row.ports);
    const explanation = explanationOf?.(row);
    shown.push(explanation === undefined ? { src, dst, conn } : { src, dst, conn, explanation });
  }
  return shown;
};

/** Pairs without a connection, as far as they were asked for. */
const deniedRows = (
  compiled: Compiled,
  { explainDenied, focusWorkload }: MapOptions,
): { readonly rows: readonly ExplainedRow[]; readonly warnings: readonly Problem[] } => {
  if (explainDenied === undefined) return { rows: [], warnings: [] };
  const most = explainDenied === true ? MOST_DENIED : explainDenied;
  const explanationOf = explainerOf(compiled);
  const rows: ExplainedRow[] = [];
  let more = 0;
  for (const row of deniedPairs(compiled)) {
    const [src, dst] = [formatMapPeer(row.source), formatMapPeer(row.destination)];
    if (!isFocused([src, dst], focusWorkload)) continue;
    if (rows.length < most)
      rows.push({ src, dst, conn: formatPortSet(row.ports), explanation: explanationOf(row) });
    else more += 1;
  }
  return { rows, warnings: more === 0 ? [] : [notShown(more)] };
};

const notShown = (more: number): Problem => ({
  code: 'DENIED_NOT_SHOWN',
  severity: 'INFO',
  message: `${counted(more, 'more pair has no connection and is', 'more pairs have no connection and are')} not shown`,
  path: null,
  place: null,
  hint: 'give --explain-denied a larger number, or --focus-workload',
});

/** Millions of rows share their peers and port sets: each gets its text once. */
const remembered = <Value extends object>(format: (value: Value) => string) => {
  const texts = new Map<Value, string>();
  return (value: Value): string => {
    const known = texts.get(value);
    if (known !== undefined) return known;
    const text = format(value);
    texts.set(value, text);
    return text;
  };
};

const isFocused = (peers: readonly string[], focus: readonly string[] | undefined): boolean =>
  focus === undefined || peers.some(peer => focus.some(name => isPeerNamed(peer, name)));

const deadRoute = (
  { route, message, hint }: ReturnType<typeof deadRoutes>[number],
  placeOf: Manifests['placeOf'],
): Problem => ({
  code: 'ROUTE_LEADS_NOWHERE',
  severity: 'WARNING',
  message,
  path: null,
  place: placeOf(route),
  hint,
});

/** A list without connections would not say why; denied pairs may be in it. */
const emptyList = ({ pods }: Facts, { length }: ConnectivityMap): readonly Problem[] => {
  if (length > 0) return [];
  const empty = { path: null, place: null };
  if (pods.length > 0)
    return [
      {
        ...empty,
        code: 'NO_CONNECTIONS',
        severity: 'INFO',
        message:
          'no connection is listed: the policies of the input allow none between what is in it',
        hint: 'clients and servers that are not in the input are not in the list: add them',
      },
    ];
  return [
    {
      ...empty,
      code: 'NO_WORKLOADS',
      severity: 'WARNING',
      message: 'no workload can be read in the input, so that the list is empty',
      hint: 'name a folder with pods, Deployments or other workloads',
    },
  ];
};

/** The same, where a workload is asked for. */
const unknownFocus = (
  { pods }: Facts,
  rows: readonly ExplainedRow[],
  focus: readonly string[] = [],
): readonly Problem[] => {
  if (focus.length === 0) return [];
  const peers = [
    ...pods.map(workloadNameOf),
    ...rows.flatMap(({ src, dst }) => [src, dst]),
    '{ingress-controller}',
  ];
  return focus
    .filter(name => !isFocused(peers, [name]))
    .map(name => ({
      code: 'WORKLOAD_UNKNOWN',
      severity: 'ERROR',
      message: `no workload of the input is named \`${name}\``,
      path: null,
      place: null,
      hint: 'give its name, ns/name or ns/name[Kind], as the list without this option shows it',
    }));
};

const focusedExposure = (
  { egress, ingress }: Exposure,
  { focusWorkload }: MapOptions,
): Exposure => ({
  egress: egress.filter(({ src }) => isFocused([src], focusWorkload)),
  ingress: ingress.filter(({ dst }) => isFocused([dst], focusWorkload)),
});
