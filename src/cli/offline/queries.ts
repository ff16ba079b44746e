import {
  type AnswerParts,
  answerByParts,
  betweenPods,
  type Compiled,
  type Connection,
  type Decision,
  decisionOfParts,
  type FoundPeer,
  hasParts,
  type KubernetesObject,
  type PeerFault,
  type Reason,
} from '../../netpol/index.js';

/** One line of `netpol explain --queries`. */
export type Query = {
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  /** Null for a protocol without ports. */
  readonly port: number | null;
};

/** One line of its answer. */
export type Answer =
  | (Query & {
      readonly verdict: string;
      readonly basis: string;
      readonly reasons: readonly Reason[];
      /** The fact that would decide, when UNDECIDABLE. */
      readonly missing?: string;
      readonly settledBy?: string;
      readonly notes?: readonly string[];
    })
  | (Partial<Query> & { readonly error: string });

export type Decide = (connection: Connection) => Decision;
export type Resolve = (name: string) => FoundPeer | PeerFault;

export type Ask = {
  readonly resolve: Resolve;
  readonly decide: Decide;
  /** The facts with a second pod of each workload. */
  readonly paired: () => Compiled;
  /** Policies of other APIs in the input. */
  readonly foreign: readonly NamedPolicy[];
  /** Policies with faults, which count as not there. */
  readonly refused: readonly NamedPolicy[];
};

type NamedPolicy = Pick<KubernetesObject, 'kind' | 'namespace' | 'name'>;

/**
 * Answers the lines in their order, one each; a bad line becomes a line with `error`. Recorded
 * traffic repeats itself, so a line that was asked before is not worked out again.
 */
export const answerQueries = (text: string, ask: Ask): readonly Answer[] => {
  const known = new Map<string, Answer>();
  return linesOf(text).map(line => {
    const before = known.get(line);
    if (before !== undefined) return before;
    const answer = answerLine(line, ask);
    known.set(line, answer);
    return answer;
  });
};

/** The connections that the lines name, as flows that were observed; a bad line becomes its error. */
export const readFlows = (
  text: string,
  resolve: Resolve,
): { readonly flows: readonly Connection[]; readonly errors: readonly string[] } => {
  const read = linesOf(text).map(line => {
    const query = parseQuery(line);
    return 'error' in query ? query : flowOf(query, resolve);
  });
  return {
    flows: read.flatMap(each => ('error' in each ? [] : [each])),
    errors: read.flatMap(each => ('error' in each ? [each.error] : [])),
  };
};

const linesOf = (text: string): readonly string[] =>
  text.split('\n').filter(line => line.trim() !== '');

const answerLine = (line: string, ask: Ask): Answer => {
  const query = parseQuery(line);
  if ('error' in query) return query;
  const answered = decisionOf(query, ask);
  return 'error' in answered ? { ...query, ...answered } : answerOf(query, answered);
};

/** An answer, and those of the parts of the question where an end is several or no port is given. */
export type Answered = { readonly decision: Decision; readonly parts: AnswerParts | null };

export const decisionOf = (query: Query, ask: Ask): Answered | { readonly error: string } => {
  const { resolve, paired } = ask;
  const ends = endsOf(query, resolve);
  if ('error' in ends) return ends;
  const source = { ...ends.source, text: query.src };
  const destination = { ...ends.destination, text: query.dst };
  const several = hasParts(source) || hasParts(destination);
  const connection = toAsk(query, ends);
  const decide: Decide = one => withNotes(ask.decide(one), unreadNotes(ask, ends));
  if (!several && query.port !== null) return { decision: decide(connection), parts: null };
  const { port, protocol } = connection;
  const parts = answerByParts(paired(), ask.decide, { source, destination, port, protocol });
  return {
    decision: several
      ? withNotes(decisionOfParts(parts), unreadNotes(ask, ends))
      : decide(connection),
    parts: several || parts.parts.length > 1 ? parts : null,
  };
};

const withNotes = (decision: Decision, notes: readonly string[]): Decision =>
  notes.length === 0 ? decision : { ...decision, notes: [...(decision.notes ?? []), ...notes] };

const namespacesOf = ({ endpoint, members }: FoundPeer): readonly string[] => {
  if (members !== undefined) return members.map(({ namespace }) => namespace);
  if (endpoint.kind === 'service') return [endpoint.namespace];
  return endpoint.kind === 'pod' ? [endpoint.key.split('/')[0] ?? ''] : [];
};

const MOST_FOREIGN = 5;

/** Policies in the namespace of an end, or of the whole cluster, of which the answer knows nothing. */
const unreadNotes = (ask: Ask, { source, destination }: Ends): readonly string[] => {
  const near = new Set([source, destination].flatMap(namespacesOf));
  return [
    ...unreadNote(ask.foreign, near, 'not read'),
    ...unreadNote(ask.refused, near, 'refused, as standard error says,'),
  ];
};

function unreadNote(
  policies: readonly NamedPolicy[],
  near: ReadonlySet<string>,
  why: string,
): readonly string[] {
  const named = policies
    .filter(({ namespace }) => namespace === null || near.has(namespace))
    .map(({ kind, namespace, name }) => `\`${[kind, namespace, name].filter(Boolean).join('/')}\``);
  if (named.length === 0) return [];
  const more = named.length > MOST_FOREIGN ? ` and ${named.length - MOST_FOREIGN} more` : '';
  const names = `${named.slice(0, MOST_FOREIGN).join(', ')}${more}`;
  return [`${names} ${named.length === 1 ? 'is' : 'are'} ${why} and may change this answer`];
}

/** Parts as JSON shows them. */
export const partsValue = ({ parts, left, notes }: AnswerParts): object => ({
  parts: parts.map(({ sources, destinations, ports, decision }) => ({
    sources,
    destinations,
    ports,
    ...decision,
  })),
  notAsked: left,
  notes,
});

/** The ends that a query names; a workload is the pod that speaks for it. */
const endsOf = ({ src, dst }: Query, resolve: Resolve): Ends | { readonly error: string } => {
  const source = resolve(src);
  if ('fault' in source) return { error: `src: ${source.fault}` };
  const destination = resolve(dst);
  if ('fault' in destination) return { error: `dst: ${destination.fault}` };
  return { source, destination };
};

/** A flow as it was observed. */
const flowOf = (query: Query, resolve: Resolve): Connection | { readonly error: string } => {
  const ends = endsOf(query, resolve);
  return 'error' in ends ? ends : between(query, ends);
};

const isAnyOf = ({ isWorkload, replica }: FoundPeer): boolean =>
  isWorkload || replica !== undefined;

/** What a query asks of the engine. Two ends that name one workload, or two of its replicas, are two of its pods. */
const toAsk = (query: Query, ends: Ends): Connection => {
  const { source, destination } = ends;
  const isOneReplica = source.replica !== undefined && source.replica === destination.replica;
  const isOneWorkload = isAnyOf(source) && isAnyOf(destination) && !isOneReplica;
  const connection = between(query, ends);
  return isOneWorkload ? betweenPods(connection) : connection;
};

type Ends = { readonly source: FoundPeer; readonly destination: FoundPeer };

const between = (
  { port, protocol }: Query,
  { source, destination }: { readonly source: FoundPeer; readonly destination: FoundPeer },
): Connection => ({
  source: source.endpoint,
  destination: destination.endpoint,
  port,
  protocol: protocol.toUpperCase(),
});

const answerOf = (query: Query, { decision, parts }: Answered): Answer => ({
  ...query,
  verdict: decision.verdict,
  basis: decision.basis,
  reasons: [...decision.egress.reasons, ...decision.ingress.reasons],
  ...(decision.missing === null ? {} : { missing: decision.missing }),
  ...(decision.settledBy === undefined ? {} : { settledBy: decision.settledBy }),
  ...(decision.notes === undefined ? {} : { notes: decision.notes }),
  ...(parts === null ? {} : partsValue(parts)),
});

type BadQuery = Partial<Query> & { readonly error: string };

const parseQuery = (line: string): Query | BadQuery => {
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null)
    return { error: `\`${line}\` is no JSON object` };
  const { src, dst, protocol = 'TCP', port = null } = value as Readonly<Record<string, unknown>>;
  if (typeof src !== 'string' || src === '') return { error: '`src` is missing' };
  if (typeof dst !== 'string' || dst === '') return { src, error: '`dst` is missing' };
  if (typeof protocol !== 'string' || protocol === '') {
    return { src, dst, error: '`protocol` must be a name such as `TCP`' };
  }
  const query = { src, dst, protocol };
  if (port === null) return { ...query, port };
  // Other tools write ports as text, as Kubernetes' IntOrString allows.
  const number = typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port;
  return isPort(number)
    ? { ...query, port: number }
    : { ...query, error: `port \`${JSON.stringify(port)}\` is not a whole number from 1 to 65535` };
};

export const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};
