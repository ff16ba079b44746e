import { Option } from 'commander';
import {
  FlowHistoryDocument,
  type FlowHistoryQuery,
  type HistoryStep,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, write } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addFlowOptions, type FlowOptions, wantedFlows } from './flow-options.js';
import { connectionText } from './flow-row.js';
import { flowsNoun } from './network-flow.js';
import { allNodes } from './pages.js';
import { peerName } from './peer-name.js';

type HistoryOptions = FlowOptions & OutputOptions & { readonly by: 'hour' | 'day' };

export const addNetworkFlowHistory: AddCommands = shell => {
  const { program, io } = shell;
  const command = flowsNoun(program)
    .command('history')
    .description(
      'what was counted of flows by hour or day, newest first, by what the dataplane said',
    )
    .addOption(
      new Option('--by <step>', 'how long each step is').choices(['hour', 'day']).default('hour'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate network-flow history --cluster production --source my-app/frontend --port 8080 --by day --since 30d',
    );
  addOutput(addFlowOptions(command), LISTING_FORMATS, 'table').action(
    async (options: HistoryOptions) => {
      const flows = await historiesOf(clientOf(shell), options);
      if (flows.some(({ history }) => history.truncated))
        await write(
          io.stderr,
          'warning: only the newest 1000 steps are shown (see --by, --until)\n',
        );
      const listing = historyListing(flows, options.namespace ?? null);
      await show(shell, listing, options);
    },
  );
};

type Flow = FlowHistoryQuery['flows']['nodes'][number];

const STEPS: Readonly<Record<HistoryOptions['by'], HistoryStep>> = { hour: 'HOUR', day: 'DAY' };

async function historiesOf(client: ApiClient, options: HistoryOptions): Promise<readonly Flow[]> {
  const { filter, isMeant } = await wantedFlows(client, options);
  const { since = null, until = null } = options;
  const asked = { filter, since, until, by: STEPS[options.by] };
  const flows = await allNodes(
    async after => (await client.ask(FlowHistoryDocument, { ...asked, after })).flows,
  );
  return flows.filter(isMeant);
}

const namesOf = ({ source, destination, port, protocol }: Flow, home: string | null) => ({
  source: peerName(source, home),
  destination: peerName(destination, home),
  port,
  protocol,
});

const historyListing = (flows: readonly Flow[], home: string | null): Listing => ({
  heading: ['flow', 'from', 'events', 'allowed', 'denied', 'audited', 'failed', 'unknown'],
  rows: flows.flatMap(flow =>
    flow.history.points.map(({ at, counts }) => [
      connectionText(namesOf(flow, home)),
      shortTime(at),
      ...[counts.events, counts.allowed, counts.denied, counts.audited, counts.failed],
      counts.unknown,
    ]),
  ),
  value: {
    flows: flows.map(flow => ({
      ...namesOf(flow, home),
      history: flow.history.points.map(({ at, counts }) => ({ at, ...counts })),
    })),
  },
  empty: 'no flows',
});
