import { NetworkGraphDiffDocument, type NetworkGraphDiffQuery } from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import { clientOf } from '../client.js';
import { addExits, addOutput } from '../command.js';
import { failOnOption } from '../fail-on.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import type { Color } from '../print/terminal.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, Failure, write } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addCluster, addWindow, type WindowOptions } from './flow-options.js';
import { portText } from './flow-row.js';
import { collected } from './generate-options.js';
import { assertKnown, noCluster } from './known.js';

type GraphDiffOptions = WindowOptions &
  OutputOptions & {
    readonly cluster: string;
    readonly namespace: readonly string[];
    readonly beforeSince?: string;
    readonly beforeUntil?: string;
    readonly failOn: readonly FailOn[];
  };

export const addGraphDiff: AddCommands = shell => {
  const { program, io } = shell;
  const command = program
    .command('graph-diff')
    .description(
      'edges of the network graph that came, went or changed between two windows, and those of which that is not known',
    )
    .option('--before-since <time>', 'the window to compare with begins here')
    .option('--before-until <time>', 'the window to compare with ends before this')
    .option('--namespace <name>', 'edges with an end in this namespace (repeatable)', collected, [])
    .addOption(failOnOption(FAIL_ON, STANDARD))
    .addHelpText(
      'after',
      `
Example, what is new this week:
  $ weirgate graph-diff --cluster production --before-since 14d --before-until 7d --since 7d`,
    );
  addExits(
    command,
    '0 without differences, 1 with differences, 2 for bad input; --fail-on changes what counts',
  );
  addOutput(addWindow(addCluster(command)), LISTING_FORMATS, 'table').action(
    async (options: GraphDiffOptions) => {
      const client = clientOf(shell);
      await assertKnown(client, { cluster: options.cluster, namespaces: options.namespace });
      assertWindow(options);
      const { networkGraphDiff: diff } = await client.ask(NetworkGraphDiffDocument, {
        cluster: options.cluster,
        before: { since: options.beforeSince ?? null, until: options.beforeUntil ?? null },
        after: { since: options.since ?? null, until: options.until ?? null },
        namespaces: options.namespace.length === 0 ? null : options.namespace,
      });
      if (diff === null) throw await noCluster(client, options.cluster);
      await write(
        io.stderr,
        doubtsOf(diff)
          .map(line => `warning: ${line}\n`)
          .join(''),
      );
      await show(shell, diffListing(diff), options);
      if (options.failOn.some(change => diff.edges.some(FAIL_ON[change])))
        shell.finish(Exit.FINDINGS);
    },
  );
};

/** Two windows without ends are one, in which nothing can differ. @throws Failure where no end is given */
function assertWindow({ beforeSince, beforeUntil, since, until }: GraphDiffOptions): void {
  if ([beforeSince, beforeUntil, since, until].some(end => end !== undefined)) return;
  throw new Failure(
    'no window is given',
    'say what to compare with what: `--before-since 14d --before-until 7d --since 7d`',
  );
}

type Diff = NonNullable<NetworkGraphDiffQuery['networkGraphDiff']>;

type Told = (edge: Diff['edges'][number]) => boolean;

const FAIL_ON = {
  came: ({ change }) => change === 'CAME',
  went: ({ change }) => change === 'WENT',
  changed: ({ change }) => change === 'CHANGED',
  unknown: ({ change }) => change === 'UNKNOWN',
} as const satisfies Readonly<Record<string, Told>>;

type FailOn = keyof typeof FAIL_ON;

const STANDARD: readonly FailOn[] = ['came', 'went', 'changed'];

type Port = Diff['edges'][number]['ports'][number];

const COLORS: Readonly<Record<Port['change'], Color | null>> = {
  CAME: 'green',
  WENT: 'red',
  CHANGED: 'yellow',
  STAYED: null,
  UNKNOWN: 'yellow',
};

const SIGNS: Readonly<Record<Port['change'], string>> = {
  CAME: '+',
  WENT: '-',
  CHANGED: '',
  STAYED: '',
  UNKNOWN: '?',
};

/** `+TCP 9090`, `?TCP 443`, `TCP 8080 (ALLOWED, then DENIED)`: what stayed is left out. */
const changedPorts = (ports: readonly Port[]): string =>
  ports
    .filter(({ change }) => change !== 'STAYED')
    .map(({ protocol, port, change, verdictsBefore, verdictsAfter }) => {
      const text = `${SIGNS[change]}${portText(protocol, port)}`;
      const said = [verdictsBefore, verdictsAfter].map(verdicts => verdicts.join(' and '));
      return change === 'CHANGED' ? `${text} (${said.join(', then ')})` : text;
    })
    .join(', ');

type Observed = Diff['completenessBefore'];

/** What of a window is no change, though the edges look like one. */
function doubtsOfWindow(name: string, observed: Observed): readonly string[] {
  const { flows, silentHours, forgottenUntil, cutDays } = observed;
  return [
    ...(forgottenUntil === null
      ? []
      : [`of the ${name} window, what was seen before ${shortTime(forgottenUntil)} is forgotten`]),
    ...(flows === 0 && forgottenUntil === null
      ? [`nothing at all was observed in the ${name} window`]
      : []),
    ...(silentHours > 0
      ? [`nothing was observed in ${counted(silentHours, 'hour')} of the ${name} window`]
      : []),
    ...cutDays.map(
      day => `the ${name} window cuts ${day.slice(0, 10)}, which is counted as a whole`,
    ),
  ];
}

const doubtsOf = ({
  truncated,
  completenessBefore,
  completenessAfter,
}: Diff): readonly string[] => [
  ...(truncated ? ['more edges changed than the server shows (see --namespace)'] : []),
  ...doubtsOfWindow('earlier', completenessBefore),
  ...doubtsOfWindow('later', completenessAfter),
];

function diffListing({ nodes, edges, completenessBefore, completenessAfter }: Diff): Listing {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const nameOf = (id: string): string => labels.get(id) ?? id;
  const named = edges.map(edge => ({
    ...edge,
    source: nameOf(edge.source),
    destination: nameOf(edge.destination),
  }));
  return {
    heading: ['change', 'edge', 'ports', 'first seen'],
    rows: named.map(({ source, destination, change, ports, firstSeenAt }) => [
      { text: change, color: COLORS[change] },
      `${source} -> ${destination}`,
      changedPorts(ports),
      shortTime(firstSeenAt),
    ]),
    value: { edges: named, completenessBefore, completenessAfter },
    empty: 'nothing changed',
  };
}
