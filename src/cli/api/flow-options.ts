import { type Command, Option } from 'commander';
import type { FlowFilter, FlowTag } from '../../generated/cli.js';
import { KnownClusterDocument, NetworkFlowsDocument } from '../../generated/cli.js';
import type { ApiClient } from '../client.js';
import { Failure } from '../shell.js';
import type { ListedFlow } from './flow-row.js';
import { allNodes } from './pages.js';

const TAGS = ['ACTIVE', 'BASELINE', 'ALLOWED', 'ANOMALOUS'] as const satisfies readonly FlowTag[];

export type WindowOptions = { readonly since?: string; readonly until?: string };

export type FlowOptions = WindowOptions & {
  readonly cluster: string;
  readonly namespace?: string;
  readonly deployment?: string;
  readonly source?: string;
  readonly destination?: string;
  readonly port?: number;
  readonly tag: readonly FlowTag[];
};

const tagNamed = (text: string, before: readonly FlowTag[]): readonly FlowTag[] => {
  const tag = TAGS.find(known => known === text.toUpperCase());
  if (tag !== undefined) return [...before, tag];
  throw new Failure(`\`${text}\` is not a tag`, `the tags are ${TAGS.join(', ')}`);
};

const portNumber = (text: string): number => {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Failure(`\`${text}\` is not a port`, 'a port is a number from 0 to 65535');
};

export const addCluster = (command: Command): Command =>
  command.requiredOption('--cluster <name>', 'name of the cluster');

export const flowFormat =
  'of the records, such as `hubble`; `auto` finds it (docs/sources.md lists them)';

export const addWindow = (command: Command): Command =>
  command
    .option(
      '--since <time>',
      'flows seen at or after: `7d`, `24h`, `PT15M` back from now, or a time',
    )
    .option('--until <time>', 'flows seen before: written like --since');

export const addFlowOptions = (command: Command): Command =>
  addWindow(addCluster(command))
    .option('--namespace <name>', 'flows with an end in this namespace')
    .option('--deployment <name>', 'flows of this deployment')
    .option('--source <peer>', 'flows from here: `namespace/name`, `EXTERNAL:name`, `NODE:name`')
    .option('--destination <peer>', 'flows to here: written like --source')
    .option('--port <number>', "flows to this port of the destination's pods", portNumber)
    .addOption(
      new Option('--tag <tag>', `flows that are ${TAGS.join(', ')} (repeatable: any of them)`)
        .argParser(tagNamed)
        .default([], 'all'),
    );

/** A filter for exactly this text; null: it was not given. */
export const equalTo = (text: string | undefined) => (text === undefined ? null : { eq: text });

export const flowFilter = (options: FlowOptions): FlowFilter => ({
  cluster: { eq: options.cluster },
  namespace: equalTo(options.namespace),
  deployment: equalTo(options.deployment),
  source: equalTo(options.source),
  destination: equalTo(options.destination),
  port: options.port ?? null,
  tags: options.tag.length === 0 ? null : options.tag,
  since: options.since ?? null,
  until: options.until ?? null,
});

/** What is said where no cluster is named so. */
export const noCluster = (cluster: string): Failure =>
  new Failure(
    `no cluster is named \`${cluster}\``,
    'see `weirgate cluster list`, or import one by `weirgate cluster import`',
  );

/** An unknown cluster has no flows, and that would be a wrong answer. */
export const assertCluster = async ({ ask }: ApiClient, cluster: string): Promise<void> => {
  const { cluster: found } = await ask(KnownClusterDocument, { cluster });
  if (found === null) throw noCluster(cluster);
};

/** All flows that the options ask for; with the counts of their window, or of all time where they are asked for. */
export const flowsOf = async (
  client: ApiClient,
  options: FlowOptions & { readonly counts?: boolean },
): Promise<readonly ListedFlow[]> => {
  await assertCluster(client, options.cluster);
  const filter = flowFilter(options);
  const { since = null, until = null } = options;
  const counted = options.counts === true || since !== null || until !== null;
  const asked = { filter, since, until, counted };
  return allNodes(
    async after => (await client.ask(NetworkFlowsDocument, { ...asked, after })).flows,
  );
};
