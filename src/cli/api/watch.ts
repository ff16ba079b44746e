import {
  type AlertFactsFragment,
  WatchAlertsDocument,
  WatchFlowsDocument,
  type WatchFlowsSubscription,
} from '../../generated/cli.js';
import { counted, visible, visibleJson } from '../../netpol/index.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, outputOf } from '../command.js';
import { withNumbers } from '../print/numbers.js';
import { type AddCommands, Failure, type Shell, write } from '../shell.js';
import { type AlertScope, addAlertScope, wantedScope } from './alert-filter.js';
import { alertValue } from './alert-rows.js';
import { flowsOfDeployment, together } from './flow-ends.js';
import { equalTo } from './flow-options.js';
import { assertKnown } from './known.js';
import { peerName } from './peer-name.js';

type Options = AlertScope & {
  readonly flows?: boolean;
  readonly output: 'text' | 'json';
  readonly outputFormat?: 'text' | 'json';
};

type Flow = WatchFlowsSubscription['flowsObserved']['flows'][number];

const flowText = ({ source, destination, protocol, port, tags, observedVerdict }: Flow): string =>
  `${peerName(source)} -> ${peerName(destination)} (${protocol} ${port ?? '-'}) ${observedVerdict} [${tags.join(', ')}]`;

const flowValue = (flow: Flow): object => ({
  ...flow,
  source: peerName(flow.source),
  destination: peerName(flow.destination),
});

const alertText = ({ severity, state, message, occurrences, lastOccurredAt }: AlertFactsFragment) =>
  `${lastOccurredAt} ${severity} ${state} ${message}, ${counted(occurrences, 'event')}`;

const line = (options: Options, text: string, value: object): string =>
  outputOf(options) === 'json'
    ? visibleJson(`${JSON.stringify(withNumbers(value))}\n`)
    : `${visible(text)}\n`;

async function watchFlows({ io }: Shell, client: ApiClient, options: Options): Promise<void> {
  const { cluster, namespace, deployment } = options;
  if (cluster === undefined) throw new Failure('flows are of a cluster', 'name it by --cluster');
  await assertKnown(client, { cluster, namespaces: [namespace], deployments: [deployment] });
  const ends = deployment === undefined ? [] : [flowsOfDeployment(deployment)];
  const { filter, isMeant } = together({ namespace: equalTo(namespace) }, ends);
  for await (const { flowsObserved } of client.follow(WatchFlowsDocument, { cluster, filter })) {
    const { flows, skipped } = flowsObserved;
    for (const flow of flows.filter(isMeant))
      await write(io.stdout, line(options, flowText(flow), flowValue(flow)));
    if (skipped > 0)
      await write(
        io.stderr,
        `${counted(skipped, 'flow more was', 'flows more were')} too many at once\n`,
      );
  }
}

async function watchAlerts({ io }: Shell, client: ApiClient, options: Options): Promise<void> {
  const { filter, isMeant } = await wantedScope(client, options);
  for await (const { alertChanged } of client.follow(WatchAlertsDocument, { filter }))
    if (isMeant(alertChanged))
      await write(io.stdout, line(options, alertText(alertChanged), alertValue(alertChanged)));
}

export const addWatch: AddCommands = shell => {
  const command = addAlertScope(shell.program.command('watch'))
    .description('alerts, or flows of a cluster, as they come; until it is interrupted')
    .option('--flows', 'flows instead of alerts; of a cluster that --cluster names')
    .addHelpText('after', '\nExample:\n  $ weirgate watch --cluster production --flows');
  addOutput(command, ['text', 'json'], 'text').action(async (options: Options) => {
    const client = clientOf(shell);
    await (options.flows ? watchFlows : watchAlerts)(shell, client, options);
    throw new Failure('the server has ended the stream', 'start the command again');
  });
};
