import { setTimeout as pause } from 'node:timers/promises';
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
import { Lost } from '../stream.js';
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

/** Seconds until a stream that broke is asked for again: at first, and at most. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 30;

/**
 * What a stream tells, which is asked for again whenever it ends or breaks. Where the server does not answer at first that is a failure, and
 * later on where it refuses, as it does a token that has ended.
 */
async function* again<T>(
  io: Shell['io'],
  open: (opened: (at: string | null) => void) => AsyncIterable<T>,
): AsyncGenerator<T> {
  let wait = FIRST_WAIT;
  let wasOpen = false;
  for (;;) {
    try {
      yield* open(() => {
        [wait, wasOpen] = [FIRST_WAIT, true];
      });
    } catch (error) {
      if (!wasOpen || !(error instanceof Lost)) throw error;
    }
    await write(io.stderr, `the stream has ended, trying again in ${wait} s\n`);
    await pause(wait * 1_000);
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}

async function watchFlows({ io }: Shell, client: ApiClient, options: Options): Promise<void> {
  const { cluster, namespace, deployment } = options;
  if (cluster === undefined) throw new Failure('flows are of a cluster', 'name it by --cluster');
  await assertKnown(client, { cluster, namespaces: [namespace], deployments: [deployment] });
  const ends = deployment === undefined ? [] : [flowsOfDeployment(deployment)];
  const { filter, isMeant } = together({ namespace: equalTo(namespace) }, ends);
  let after: string | null = null;
  const stream = again(io, opened =>
    client.follow(WatchFlowsDocument, { cluster, filter, after }, opened),
  );
  for await (const { flowsObserved } of stream) {
    const { flows, skipped, missed, cursor } = flowsObserved;
    after = cursor;
    for (const flow of flows.filter(isMeant))
      await write(io.stdout, line(options, flowText(flow), flowValue(flow)));
    if (missed)
      await write(
        io.stderr,
        'what came meanwhile is not kept any more: see `weirgate network-flow list` for flows of that time\n',
      );
    if (skipped > 0)
      await write(
        io.stderr,
        `${counted(skipped, 'flow more was', 'flows more were')} too many at once\n`,
      );
  }
}

/** Alerts of which it is known how they were told last. */
const MOST_TOLD = 2_000;

/** Whether an alert is other than it was told last: what is taken up again after a break overlaps. */
function isNews(told: Map<string, string>, id: string, changedAt: string): boolean {
  if (told.get(id) === changedAt) return false;
  told.delete(id);
  told.set(id, changedAt);
  const [oldest] = told.keys();
  if (told.size > MOST_TOLD && oldest !== undefined) told.delete(oldest);
  return true;
}

async function watchAlerts({ io }: Shell, client: ApiClient, options: Options): Promise<void> {
  const { filter, isMeant } = await wantedScope(client, options);
  const told = new Map<string, string>();
  let after: string | null = null;
  // Before anything was told it goes on from when it began.
  let began: string | null = null;
  const stream = again(io, opened =>
    client.follow(WatchAlertsDocument, { filter, after: after ?? began }, at => {
      began ??= at;
      opened(at);
    }),
  );
  for await (const { alertChanged } of stream) {
    const { changedAt, ...alert } = alertChanged;
    after = changedAt;
    if (isNews(told, alert.id, changedAt) && isMeant(alert))
      await write(io.stdout, line(options, alertText(alert), alertValue(alert)));
  }
}

export const addWatch: AddCommands = shell => {
  const command = addAlertScope(shell.program.command('watch'))
    .description(
      'alerts, or flows of a cluster, as they come; until it is interrupted. It goes on where the connection breaks',
    )
    .option('--flows', 'flows instead of alerts; of a cluster that --cluster names')
    .addHelpText('after', '\nExample:\n  $ weirgate watch --cluster production --flows');
  addOutput(command, ['text', 'json'], 'text').action(async (options: Options) => {
    const client = clientOf(shell);
    await (options.flows ? watchFlows : watchAlerts)(shell, client, options);
  });
};
