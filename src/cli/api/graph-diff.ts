import { NetworkGraphDiffDocument, type NetworkGraphDiffQuery } from '../../generated/cli.js';
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
    .description('edges of the network graph that came, went or changed between two windows')
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
      if (diff.truncated)
        await write(
          io.stderr,
          'warning: more edges changed than the server shows (see --namespace)\n',
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
} as const satisfies Readonly<Record<string, Told>>;

type FailOn = keyof typeof FAIL_ON;

const STANDARD: readonly FailOn[] = ['came', 'went', 'changed'];

type Port = Diff['edges'][number]['ports'][number];

const COLORS: Readonly<Record<Port['change'], Color | null>> = {
  CAME: 'green',
  WENT: 'red',
  CHANGED: 'yellow',
  STAYED: null,
};

const SIGNS: Readonly<Record<Port['change'], string>> = {
  CAME: '+',
  WENT: '-',
  CHANGED: '',
  STAYED: '',
};

/** `+TCP 9090`: what stayed is left out. */
const changedPorts = (ports: readonly Port[]): string =>
  ports
    .filter(({ change }) => change !== 'STAYED')
    .map(({ protocol, port, change }) => `${SIGNS[change]}${portText(protocol, port)}`)
    .join(', ');

function diffListing({ nodes, edges }: Diff): Listing {
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
    value: { edges: named },
    empty: 'nothing changed',
  };
}
