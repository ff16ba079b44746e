import { NetworkGraphDocument, type NetworkGraphQuery } from '../../generated/cli.js';
import { dotQuoted } from '../../netpol/index.js';
import { clientOf } from '../client.js';
import { addOutput, outputOf } from '../command.js';
import { LISTING_FORMATS, type Listing, type ListingFormat } from '../print/listing.js';
import { type Color, painted, type Terminal, terminalOf } from '../print/terminal.js';
import { type AddCommands, type Shell, write } from '../shell.js';
import { show } from '../show.js';
import { addCluster, addWindow, type WindowOptions } from './flow-options.js';
import { portText } from './flow-row.js';
import { foreignText } from './foreign.js';
import { collected } from './generate-options.js';
import { assertKnown, noCluster } from './known.js';
import { peerName } from './peer-name.js';

const GRAPH_FORMATS = ['text', ...LISTING_FORMATS, 'dot'] as const;
type GraphFormat = (typeof GRAPH_FORMATS)[number];

type GraphOptions = WindowOptions & {
  readonly cluster: string;
  readonly namespace: readonly string[];
  readonly output: GraphFormat;
  readonly outputFormat?: GraphFormat;
};

export const addGraph: AddCommands = shell => {
  const { program, io } = shell;
  const command = program
    .command('graph')
    .description(
      'the network graph of a cluster: gray without policy, green allowed, red anomalous',
    )
    .option('--namespace <name>', 'edges with an end in this namespace (repeatable)', collected, [])
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate graph --cluster production --namespace my-app -o dot | dot -Tsvg > graph.svg',
    );
  addOutput(addWindow(addCluster(command)), GRAPH_FORMATS, 'text').action(
    async (options: GraphOptions) => {
      const client = clientOf(shell);
      await assertKnown(client, { cluster: options.cluster, namespaces: options.namespace });
      const { networkGraph } = await client.ask(NetworkGraphDocument, {
        cluster: options.cluster,
        filter: {
          namespaces: options.namespace.length === 0 ? null : options.namespace,
          since: options.since ?? null,
          until: options.until ?? null,
        },
      });
      if (networkGraph === null) throw await noCluster(client, options.cluster);
      if (networkGraph.truncated) {
        await write(
          io.stderr,
          'warning: the graph has more edges than the server shows (see --namespace)\n',
        );
      }
      const { foreignPolicies } = networkGraph;
      if (foreignPolicies.length > 0)
        await write(io.stderr, `warning: ${foreignText(foreignPolicies)}\n`);
      await print(shell, edgesOf(networkGraph), outputOf(options));
    },
  );
};

type Graph = NonNullable<NetworkGraphQuery['networkGraph']>;

type GraphEdge = {
  readonly source: string;
  readonly destination: string;
  readonly state: Graph['edges'][number]['state'];
  /** `TCP 8080`, sorted */
  readonly ports: readonly string[];
};

const order = (one: GraphEdge, other: GraphEdge): number => {
  const [first, second] = [one, other].map(
    ({ source, destination }) => `${source}\0${destination}`,
  );
  return (first ?? '') < (second ?? '') ? -1 : 1;
};

/** The edges by the names of their ends, sorted. */
const edgesOf = ({ nodes, edges }: Graph): readonly GraphEdge[] => {
  const names = new Map(nodes.map(({ id, peer }) => [id, peerName(peer)]));
  return edges
    .map(({ source, destination, state, ports }) => ({
      source: names.get(source) ?? source,
      destination: names.get(destination) ?? destination,
      state,
      ports: ports.map(({ protocol, port }) => portText(protocol, port)).toSorted(),
    }))
    .toSorted(order);
};

const COLORS: Readonly<Record<GraphEdge['state'], Color>> = {
  NO_POLICY: 'gray',
  ALLOWED: 'green',
  ANOMALOUS: 'red',
};

/** NCCL and the like use more ports than a line holds. */
const MOST_PORTS = 6;

const portsText = (ports: readonly string[]): string =>
  ports.length <= MOST_PORTS
    ? ports.join(', ')
    : `${ports.slice(0, MOST_PORTS).join(', ')} and ${ports.length - MOST_PORTS} more`;

const text = (edges: readonly GraphEdge[], terminal: Terminal): string =>
  [...Map.groupBy(edges, ({ source }) => source)]
    .flatMap(([source, outgoing]) => [
      source,
      ...outgoing.map(({ destination, ports, state }) =>
        painted(`  -> ${destination} (${portsText(ports)}) [${state}]`, COLORS[state], terminal),
      ),
    ])
    .map(line => `${line}\n`)
    .join('');

const dot = (edges: readonly GraphEdge[]): string => {
  const lines = edges.map(
    ({ source, destination, ports, state }) =>
      `  ${dotQuoted(source)} -> ${dotQuoted(destination)} [label=${dotQuoted(portsText(ports))}, color=${COLORS[state]}]`,
  );
  return ['digraph network {', '  rankdir=LR', ...lines, '}', ''].join('\n');
};

const listingOf = (edges: readonly GraphEdge[]): Listing => ({
  heading: ['source', 'destination', 'ports', 'state'],
  rows: edges.map(({ source, destination, ports, state }) => [
    source,
    destination,
    portsText(ports),
    { text: state, color: COLORS[state] },
  ]),
  value: { edges },
  empty: 'no edges',
});

const isListed = (format: GraphFormat): format is ListingFormat =>
  LISTING_FORMATS.some(known => known === format);

async function print(shell: Shell, edges: readonly GraphEdge[], format: GraphFormat) {
  if (isListed(format)) return show(shell, listingOf(edges), { output: format });
  const { stdout, stderr, env } = shell.io;
  if (edges.length === 0) await write(stderr, 'no edges\n');
  await write(stdout, format === 'dot' ? dot(edges) : text(edges, terminalOf(stdout, env)));
}
