import {
  type DecisionFragment,
  type DecisionHalfFragment,
  ExplainConnectionDocument,
} from '../../generated/cli.js';
import { isolationText, parsePeerText, rulePath } from '../../netpol/index.js';
import { clientOf } from '../client.js';
import { addEffects, type Effect, isOfCluster, markAsking, outputOf } from '../command.js';
import { jsonText, type ListingFormat, yamlText } from '../print/listing.js';
import { Failure, type OnlineVariant, write } from '../shell.js';
import { exitOfVerdicts, type VerdictExitOptions } from '../verdict-exit.js';
import { foreignText } from './foreign.js';
import { noCluster } from './known.js';

type ExplainOptions = VerdictExitOptions & {
  readonly cluster: string;
  readonly port?: string;
  readonly protocol: string;
  readonly output: ListingFormat;
  readonly outputFormat?: ListingFormat;
};

const portOf = ({ port }: ExplainOptions): number | null => {
  if (port === undefined) return null;
  const number = Number(port);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new Failure(`port \`${port}\` is not a whole number from 1 to 65535`);
};

const EFFECTS: readonly Effect[] = [
  {
    of: [
      ...['queries', 'fail', 'strict', 'complete'],
      ...['hostNetwork', 'ipBlockPods', 'cni', 'ingressController'],
    ],
    when: options => !isOfCluster(options),
    says: 'with --cluster',
  },
];

/** `netpol explain --cluster C SOURCE DESTINATION`: the policies in force decide. */
export const ONLINE_EXPLAIN: OnlineVariant = {
  addOptions: command => {
    addEffects(markAsking(command, isOfCluster), EFFECTS)
      .option('--cluster <name>', 'ask a cluster of the server instead; then the path is left out')
      .addHelpText(
        'after',
        `
Examples:
  $ weirgate netpol explain ./manifests shop/web shop/api --port 8080
  $ weirgate netpol explain --cluster production shop/web 203.0.113.10 --port 443 --protocol TCP`,
      );
  },
  run: async (command, io) => {
    const [source, destination, more] = command.args;
    const options = command.opts<ExplainOptions>();
    if (source === undefined || destination === undefined || more !== undefined) {
      throw new Failure(
        'a question to a cluster has a source and a destination',
        'write them as `network-flow list` shows them, or as an address, a CIDR or a DNS name',
      );
    }
    const connection = { port: portOf(options), protocol: options.protocol.toUpperCase() };
    const client = clientOf({ program: command, io });
    const { explain } = await client.ask(ExplainConnectionDocument, {
      input: { cluster: options.cluster, source, destination, ...connection },
    });
    if (explain === null) throw await noCluster(client, options.cluster);
    const explained = { source, destination, ...connection, ...explain };
    await write(io.stdout, explanationText(explained, outputOf(options)));
    return exitOfVerdicts(options, [explain.verdict]);
  },
};

type Explained = DecisionFragment & {
  readonly source: string;
  readonly destination: string;
  readonly port: number | null;
  readonly protocol: string;
};

const explanationText = (explained: Explained, format: ListingFormat): string => {
  if (format === 'json') return jsonText(explained);
  if (format === 'yaml') return yamlText(explained);
  const text = linesOf(explained)
    .map(line => `${line}\n`)
    .join('');
  return format === 'markdown' ? `\`\`\`\n${text}\`\`\`\n` : text;
};

const linesOf = (explained: Explained): readonly string[] => {
  const {
    source: src,
    destination: dst,
    port,
    protocol,
    verdict,
    basis,
    missing,
    settledBy,
    notes,
    parts,
    dataplane,
    foreignPolicies,
  } = explained;
  const connection = `${src} => ${dst} ${protocol}${port === null ? '' : ` ${port}`}`;
  const halves = parts === null ? endLines(explained, { src, dst }) : [];
  return [
    `${connection} : ${verdict} (${basis})`,
    ...halves,
    ...(missing === null ? [] : [`  missing: ${missing}`]),
    ...(settledBy === null ? [] : [`  settled by: ${settledBy}`]),
    ...(parts ?? []).flatMap(partLines),
    ...[...(notes ?? []), ...foreignNote(foreignPolicies)].map(note => `  note: ${note}`),
    ...(dataplane === null ? [] : [`  seen: ${dataplane.message}`]),
  ];
};

/** Policies of other APIs that act in the cluster: an answer without them may be wrong. */
const foreignNote = (names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [foreignText(names)];

type Halves = Pick<DecisionFragment, 'egress' | 'ingress'>;

const endLines = (
  { egress, ingress }: Halves,
  { src, dst }: { readonly src: string; readonly dst: string },
): readonly string[] => [...halfLines(egress, src), ...halfLines(ingress, dst)];

type Part = NonNullable<DecisionFragment['parts']>[number];

const partLines = (part: Part): readonly string[] => {
  const [src, dst] = [part.sources.join(', '), part.destinations.join(', ')];
  return [
    `  ${src} => ${dst} ${part.ports} : ${part.verdict} (${part.basis})`,
    ...endLines(part, { src, dst }).map(line => `  ${line}`),
    ...(part.missing === null ? [] : [`    missing: ${part.missing}`]),
  ];
};

const halfLines = (half: DecisionHalfFragment, subject: string): readonly string[] => [
  `  ${half.direction.toLowerCase()}: ${half.verdict} (${half.basis})`,
  ...(half.reasons.length === 0 ? silentLines(half, subject) : []),
  ...half.reasons.map(reason => `    ${reasonLine(reason, half.direction)}`),
];

/** Where no policy and no rule had a part in it. */
const silentLines = (
  { verdict, governed, basis }: DecisionHalfFragment,
  subject: string,
): readonly string[] => {
  if (verdict === 'UNDECIDABLE') return [];
  if (!governed) return [`    ${ungoverned(subject)}`];
  return basis === 'default-allow'
    ? [
        `    no rule of the policies that select \`${subject}\` matches, and none of them isolates it`,
      ]
    : [];
};

/** Named by where it is: whatever is there, nothing selects it by that. */
const BY_PLACE: ReadonlySet<string> = new Set(['address', 'block', 'external', 'domain']);

const isByPlace = (subject: string): boolean => {
  const peer = parsePeerText(subject);
  return !('fault' in peer) && BY_PLACE.has(peer.kind);
};

const ungoverned = (subject: string): string =>
  isByPlace(subject)
    ? `no policy of the cluster applies to \`${subject}\``
    : `no policy selects \`${subject}\` in this direction`;

const reasonLine = (
  {
    policy,
    rule,
    peers,
    ruleName,
    action,
    file,
    line,
    column,
    nearest,
    appliesTo,
  }: DecisionHalfFragment['reasons'][number],
  direction: string,
): string => {
  const which = appliesTo === null ? '' : `, ${appliesTo}`;
  const where = `(${file ?? 'policy'}:${line}:${column})${which}`;
  if (rule === null) {
    return isolationText({ policy, where, miss: nearest });
  }
  const title = ruleName === null ? '' : ` \`${ruleName}\``;
  return `${policy} ${action ?? ''} by rule ${rulePath({ direction, index: rule, peers })}${title} ${where}`;
};
