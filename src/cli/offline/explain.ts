import type { Command } from 'commander';
import {
  type Compiled,
  compile,
  counted,
  decide,
  isTwin,
  type Modes,
  peerResolver,
  type Verdict,
  visibleJson,
  withTwins,
} from '../../netpol/index.js';
import { addEffects, addExits, addOutput, group, isOnline, outputOf } from '../command.js';
import { jsonText, yamlText } from '../print/listing.js';
import {
  type AddCommands,
  type CliIo,
  Exit,
  Failure,
  type OnlineVariant,
  write,
} from '../shell.js';
import { addVerdictExit, exitOfVerdicts, type VerdictExitOptions } from '../verdict-exit.js';
import { connectionText, decisionText, partsText } from './decision-text.js';
import {
  addModes,
  addStrictness,
  cniNotes,
  type Manifests,
  type ModeOptions,
  modesOf,
  type ReadingOptions,
  readManifestsAt,
} from './manifests.js';
import {
  type Answer,
  type Ask,
  answerQueries,
  decisionOf,
  isPort,
  partsValue,
  type Query,
} from './queries.js';
import { readTextAt } from './sources.js';

type Format = 'table' | 'json' | 'yaml' | 'markdown';

type ExplainOptions = ReadingOptions &
  VerdictExitOptions &
  ModeOptions & {
    readonly output: Format;
    readonly outputFormat?: Format;
    readonly queries?: string;
    readonly port?: string;
    readonly protocol: string;
  };

export const addExplain =
  (online: OnlineVariant | null = null): AddCommands =>
  ({ program, io, finish }) => {
    const command = group(program, 'netpol', 'NetworkPolicies')
      .command('explain')
      .argument('[path]', 'folder or file with manifests, `-` for standard input')
      .argument(
        '[source]',
        'pod, workload, Service, node, namespace (`ns:name`), address, CIDR or DNS name',
      )
      .argument('[destination]', 'the same')
      .description('Why connections are allowed or not')
      .option('--queries <file>', 'one {src,dst,protocol,port} per line; `-` for standard input')
      .option('--port <port>', 'port on the destination')
      .option('--protocol <protocol>', 'TCP, UDP, SCTP or another', 'TCP');
    addVerdictExit(command);
    addOutput(addStrictness(addModes(command)), ['table', 'json', 'yaml', 'markdown'], 'table');
    addExits(
      command,
      '0 with an answer, 1 where --fail-on or --exit-code names it, 2 for bad input',
    );
    addEffects(command, [
      {
        of: ['port', 'protocol'],
        when: ({ queries }) => queries === undefined,
        says: 'with --queries',
      },
    ]);
    online?.addOptions(command);
    command.action(async () => {
      const asksServer = online !== null && isOnline(command);
      finish(asksServer ? await online.run(command, io) : await run(command, io));
    });
  };

const run = async (command: Command, io: CliIo): Promise<Exit> => {
  const [path, source, destination] = command.args;
  const options = command.opts<ExplainOptions>();
  if (path === undefined) throw new Failure('no manifests are named', 'name a folder');
  const manifests = await readManifestsAt([path], options, io);
  const { bad } = manifests;
  await write(io.stderr, cniNotes(options));
  const ask = askOf(manifests, modesOf(options));
  if (options.queries !== undefined) {
    if (source !== undefined)
      throw new Failure(
        `\`${source}\` has no effect with --queries`,
        'ask for one connection or for those of a file',
      );
    const answered = await explainQueries(options, ask, io);
    return bad ? Exit.FAILED : answered;
  }
  if (source === undefined || destination === undefined) {
    throw new Failure('nothing is asked', 'name a source and a destination, or give --queries');
  }
  const query = {
    src: source,
    dst: destination,
    protocol: options.protocol,
    port: portOf(options),
  };
  const { text, verdict } = explainOne(query, ask, outputOf(options));
  await write(io.stdout, text);
  return bad ? Exit.FAILED : exitOfVerdicts(options, [verdict]);
};

/** Second pods of workloads are among the facts only where a question means one. */
const askOf = (
  {
    facts,
    policies,
    foreign,
    refused,
  }: Pick<Manifests, 'facts' | 'policies' | 'foreign' | 'refused'>,
  modes: Modes,
): Ask => {
  const compiled = compile(facts, policies, modes);
  let twins: Compiled | null = null;
  const paired = (): Compiled => {
    twins ??= compile(withTwins(facts), policies, modes);
    return twins;
  };
  return {
    resolve: peerResolver(facts, null),
    decide: connection => decide(isTwin(connection.destination) ? paired() : compiled, connection),
    paired,
    foreign,
    refused,
  };
};

const portOf = ({ port }: ExplainOptions): number | null => {
  if (port === undefined) return null;
  const number = Number(port);
  if (!isPort(number)) throw new Failure(`port \`${port}\` is not a whole number from 1 to 65535`);
  return number;
};

const explainOne = (
  query: Query,
  ask: Ask,
  format: Format,
): { readonly text: string; readonly verdict: Verdict } => {
  const answered = decisionOf(query, ask);
  if ('error' in answered) throw new Failure(answered.error);
  const { decision, parts } = answered;
  const { verdict } = decision;
  const { src, dst, ...asked } = query;
  const document = {
    source: src,
    destination: dst,
    ...asked,
    ...decision,
    ...(parts && partsValue(parts)),
  };
  if (format === 'json') return { verdict, text: jsonText(document) };
  if (format === 'yaml') return { verdict, text: yamlText(document) };
  const text = parts === null ? decisionText(query, decision) : partsText(query, decision, parts);
  return { verdict, text: format === 'markdown' ? `\`\`\`\n${text}\`\`\`\n` : text };
};

const explainQueries = async (options: ExplainOptions, ask: Ask, io: CliIo): Promise<Exit> => {
  const format = outputOf(options);
  const file = options.queries ?? '-';
  const answers = answerQueries(await readTextAt(file, io.stdin), ask);
  const texts = new Map<Answer, string>();
  for (const answer of answers) {
    if (!texts.has(answer)) texts.set(answer, `${answerLine(answer, format)}\n`);
  }
  await write(io.stdout, answers.map(answer => texts.get(answer) ?? '').join(''));
  const failed = answers.filter(answer => 'error' in answer).length;
  if (failed === 0) {
    return exitOfVerdicts(
      options,
      answers.flatMap(answer => ('verdict' in answer ? answer.verdict : [])),
    );
  }
  await write(
    io.stderr,
    `error: ${failed} of ${counted(answers.length, 'query has', 'queries have')} no answer\n`,
  );
  return Exit.FAILED;
};

/** JSON by the line, as the queries are; or a short line for a person. */
const answerLine = (answer: Answer, format: Format): string => {
  if (format === 'json') return visibleJson(JSON.stringify(answer));
  if (format === 'yaml') return `- ${visibleJson(JSON.stringify(answer))}`;
  const { src = '?', dst = '?', protocol = '', port = null } = answer;
  const connection = connectionText({ src, dst, protocol, port });
  const outcome = 'error' in answer ? answer.error : `${answer.verdict} (${answer.basis})`;
  return `${format === 'markdown' ? '- ' : ''}${connection} : ${outcome}`;
};
