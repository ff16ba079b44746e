import { type Caller, seesWhole } from '../access/caller.js';
import type { ExternalBlockStore } from '../inventory/external-blocks/external-block.store.js';
import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import {
  answerByParts,
  betweenPods,
  type Compiled,
  type Connection,
  compile,
  counted,
  DEFAULT_MODES,
  type Decision,
  decide,
  decisionOfParts,
  hasParts,
  type Outside,
  type Problem,
  parsePeerText,
  peerResolver,
  withTwins,
} from '../netpol/index.js';
import { candidateOf } from './candidate.js';
import { endpointOf } from './endpoint.js';
import type { EvaluationStore } from './evaluation.store.js';
import { type Explained, explained, explainedPart } from './explained.js';
import { type InForceStores, inForce, inForceFor, keptSet } from './in-force.js';
import { saidBetween } from './said-between.js';
import { visibleSet } from './visible-set.js';

export type ExplainInput = {
  readonly clusterId: number;
  /** Any form that `parsePeerText` reads. */
  readonly source: string;
  readonly destination: string;
  readonly port: number | null;
  readonly protocol: string;
  /** YAML of a candidate, which replaces or adds to the live policies. */
  readonly policies: string | null;
  /** ISO text: policies and labels as of then. */
  readonly at: string | null;
};

export type ExplainOutcome =
  | { readonly explanation: Explained; readonly problems: readonly Problem[] }
  | { readonly fault: string };

export type ExplainStores = InForceStores & {
  readonly peers: Pick<PeerStore, 'externalsNamed'>;
  readonly scopes: ScopeStore;
  readonly evaluation: Pick<EvaluationStore, 'flowEnds'>;
  readonly externalBlocks: Pick<ExternalBlockStore, 'list'>;
};

/** Of a name with more addresses so many are asked, and it is said. */
const MOST_BEARERS = 200;

const externalNames = (text: string): readonly string[] => {
  const peer = parsePeerText(text);
  return 'fault' in peer || peer.kind !== 'external' ? [] : [peer.name.toLowerCase()];
};

/** Who is outside of the cluster under the names that the question says. */
async function outsideOf(
  { peers, externalBlocks }: ExplainStores,
  { clusterId, source, destination }: ExplainInput,
): Promise<Outside> {
  const names = [...new Set([source, destination].flatMap(externalNames))];
  const known: readonly Peer[] =
    names.length === 0 ? [] : await peers.externalsNamed(clusterId, names, MOST_BEARERS);
  const byName = Map.groupBy(known, ({ name }) => name);
  const blocks = names.every(name => byName.has(name)) ? [] : await externalBlocks.list(clusterId);
  return name => {
    const wanted = name.toLowerCase();
    const bearers = byName.get(wanted) ?? [];
    if (bearers.length > 0) return bearers.map(endpointOf);
    const named = blocks.filter(block => block.name.toLowerCase() === wanted);
    return named.map(({ cidr }) => ({ kind: 'block', cidr }));
  };
}

/** A request’s thread must stay free for others: these take some 50 ms. */
const MOST_DECISIONS = 500;

type Asked = {
  readonly compiled: Compiled;
  readonly input: ExplainInput;
  readonly resolve: ReturnType<typeof peerResolver>;
};

const bearersCut = (
  ends: readonly { readonly bearers?: readonly unknown[]; readonly text: string }[],
) =>
  ends
    .filter(({ bearers }) => bearers?.length === MOST_BEARERS)
    .map(
      ({ text }) => `only ${MOST_BEARERS} addresses of \`${text}\` were asked: it may have more`,
    );

/** `asked`: the one connection, where both ends are one and the port is told. */
type Answer = { readonly explanation: Explained; readonly asked: Connection | null };

function explainWith({ compiled, input, resolve }: Asked): Answer | { readonly fault: string } {
  const source = resolve(input.source);
  const destination = resolve(input.destination);
  if ('fault' in source) return { fault: `\`source\`: ${source.fault}` };
  if ('fault' in destination) return { fault: `\`destination\`: ${destination.fault}` };
  const { port, protocol } = input;
  const ask = (connection: Connection): Decision => decide(compiled, connection);
  const ends = {
    source: { ...source, text: input.source },
    destination: { ...destination, text: input.destination },
  };
  const asked = { source: source.endpoint, destination: destination.endpoint, port, protocol };
  const several = hasParts(source) || hasParts(destination);
  if (!several && port !== null) return { explanation: explained(ask(betweenPods(asked))), asked };
  const answers = answerByParts(compiled, ask, { ...ends, port, protocol, most: MOST_DECISIONS });
  const { parts, left, notes } = answers;
  const whole = explained(several ? decisionOfParts(answers) : ask(betweenPods(asked)));
  if (!several && parts.length < 2) return { explanation: whole, asked: null };
  const cut =
    left === 0
      ? []
      : [`${counted(left, 'pair was', 'pairs were')} not asked, since it would be too many`];
  const told = [
    ...(whole.notes ?? []),
    ...notes,
    ...cut,
    ...bearersCut([ends.source, ends.destination]),
  ];
  const explanation = { ...whole, notes: told, parts: parts.map(explainedPart) };
  return { explanation, asked: null };
}

/** Of an answer by what is in force now: by which versions, and what the dataplane said of the connection. */
async function wordsOf(
  stores: ExplainStores,
  caller: Caller,
  clusterId: number,
  { explanation: { verdict }, asked }: Answer,
): Promise<Pick<Explained, 'versions' | 'dataplane'>> {
  const { versions } = await keptSet(stores, clusterId);
  const said =
    asked === null
      ? null
      : await saidBetween(stores, caller, { clusterId, connection: asked, verdict });
  return { versions, ...(said !== null && { dataplane: said }) };
}

/**
 * Why one connection is allowed or not, under the policies in force or under a candidate. Who sees some workloads only may ask
 * about these, and is answered from their namespaces' policies and facts alone.
 */
export async function explain(
  stores: ExplainStores,
  caller: Caller,
  input: ExplainInput,
): Promise<ExplainOutcome> {
  const { clusterId } = input;
  const inForceNow = await visibleSet(
    stores,
    caller,
    { clusterId },
    await inForce(stores, clusterId, input.at),
  );
  const sources = input.policies === null ? [] : [{ file: null, text: input.policies }];
  const { after, problems } =
    sources.length === 0
      ? { after: inForceNow.policies, problems: [] }
      : candidateOf(inForceNow.policies, sources, []);
  const unusable = problems.find(({ severity }) => severity === 'ERROR');
  if (unusable !== undefined) {
    const { line, column } = unusable.place ?? { line: 1, column: 1 };
    return { fault: `\`policies\` line ${line}, column ${column}: ${unusable.message}` };
  }
  const live = seesWhole(caller)
    ? await inForceFor(stores, clusterId, inForceNow, { after, at: input.at })
    : inForceNow;
  const compiled =
    sources.length === 0 ? live.compiled : compile(withTwins(live.facts), after, DEFAULT_MODES);
  const resolve = peerResolver(live.known, await outsideOf(stores, input));
  const answer = explainWith({ compiled, input, resolve });
  if ('fault' in answer) return answer;
  const asIs = input.at === null && sources.length === 0;
  const inForceWords = asIs ? await wordsOf(stores, caller, clusterId, answer) : {};
  return { explanation: { ...answer.explanation, clusterId, ...inForceWords }, problems };
}
