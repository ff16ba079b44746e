import { type Command, Option } from 'commander';
import type { FlowTag } from '../../generated/cli.js';
import { NetworkFlowsDocument } from '../../generated/cli.js';
import type { ApiClient } from '../client.js';
import { Failure } from '../shell.js';
import { flowsAt, flowsOfDeployment, together, type Wanted } from './flow-ends.js';
import type { ListedFlow } from './flow-row.js';
import { assertKnown } from './known.js';
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
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Failure(`\`${text}\` is not a port`, 'a port is a number from 0 to 65535');
};

export const addCluster = (command: Command): Command =>
  command.requiredOption('--cluster <name>', 'name of the cluster');

export const flowFormat =
  'of the records, such as `hubble`; `auto` finds it (docs/sources.md lists them)';

/** @param what what the window is of */
export const addWindow = (command: Command, what = 'flows seen'): Command =>
  command
    .option(
      '--since <time>',
      `${what} at or after: \`7d\`, \`24h\`, \`PT15M\` back from now, or a time`,
    )
    .option('--until <time>', `${what} before: written like --since`);

export const addFlowOptions = (command: Command): Command =>
  addWindow(addCluster(command))
    .option('--namespace <name>', 'flows with an end in this namespace')
    .option(
      '--deployment <name>',
      'flows from or to this deployment: `name`, `namespace/name` or `namespace/name[Kind]`',
    )
    .option(
      '--source <peer>',
      'flows from here: `namespace/name`, `EXTERNAL:name`, `NODE:name`, an address, a CIDR, a DNS name',
    )
    .option('--destination <peer>', 'flows to here: written like --source')
    .option('--port <number>', "flows to this port of the destination's pods", portNumber)
    .addOption(
      new Option('--tag <tag>', `flows that are ${TAGS.join(', ')} (repeatable: any of them)`)
        .argParser(tagNamed)
        .default([], 'all'),
    );

/** A filter for exactly this text; null: it was not given. */
export const equalTo = (text: string | undefined) => (text === undefined ? null : { eq: text });

/** The flows that the options ask for. @throws Failure for names that nothing has there */
export const wantedFlows = async (client: ApiClient, options: FlowOptions): Promise<Wanted> => {
  const { cluster, namespace, deployment, source, destination } = options;
  await assertKnown(client, { cluster, namespaces: [namespace], deployments: [deployment] });
  const place = { cluster, namespace: namespace ?? null };
  const ends: Wanted[] = [];
  if (deployment !== undefined) ends.push(flowsOfDeployment(deployment));
  if (source !== undefined) ends.push(await flowsAt(client, 'source', source, place));
  if (destination !== undefined)
    ends.push(await flowsAt(client, 'destination', destination, place));
  const filter = {
    cluster: { eq: cluster },
    namespace: equalTo(namespace),
    port: options.port === undefined ? null : [options.port],
    tags: options.tag.length === 0 ? null : options.tag,
    since: options.since ?? null,
    until: options.until ?? null,
  };
  return together(filter, ends);
};

/** All flows that the options ask for; with the counts of their window, or of all time where they are asked for. */
export const flowsOf = async (
  client: ApiClient,
  options: FlowOptions & { readonly counts?: boolean; readonly groupExternal?: unknown },
): Promise<readonly ListedFlow[]> => {
  const { filter, isMeant } = await wantedFlows(client, options);
  const { since = null, until = null } = options;
  const counted = options.counts === true || since !== null || until !== null;
  const grouped = options.groupExternal !== undefined;
  const asked = { filter, since, until, counted, grouped };
  const flows = await allNodes(
    async after => (await client.ask(NetworkFlowsDocument, { ...asked, after })).flows,
  );
  return flows.filter(isMeant);
};
