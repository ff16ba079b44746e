import {
  type AnswerPart,
  type AnswerParts,
  counted,
  type Decision,
  type Half,
  reasonText,
} from '../../netpol/index.js';
import type { Query } from './queries.js';

/** A decision as a person reads it: the verdict, then what decided in each direction. */
export const decisionText = (query: Query, decision: Decision): string =>
  [headline(query, decision), ...decisionLines(decision, quoted(query)), ''].join('\n');

const quoted = ({ src, dst }: Query) => ({ src: `\`${src}\``, dst: `\`${dst}\`` });

const headline = (query: Query, { verdict, basis }: Decision): string =>
  `${connectionText(query)} : ${verdict} (${basis})`;

const decisionLines = (decision: Decision, { src, dst }: Pick<Query, 'src' | 'dst'>) => [
  ...halfLines(decision.egress, src),
  ...halfLines(decision.ingress, dst),
  ...(decision.missing === null ? [] : [`  missing: ${decision.missing}`]),
  ...settledLines(decision),
  ...(decision.notes ?? []).map(note => `  note: ${note}${optionFor(note)}`),
];

const OTHER_READINGS: readonly (readonly [of: string, option: string])[] = [
  ['ipBlocks are held against', ' (`--ip-block-pods by-address`, or `--cni NAME`)'],
  ['policies select pods on the host network', ' (`--host-network pods`)'],
];

/** The option that answers in the other reading. */
const optionFor = (note: string): string =>
  OTHER_READINGS.find(([of]) => note.includes(of))?.[1] ?? '';

/** What the command line has for it. */
const OPTIONS: Readonly<Record<string, string>> = {
  'missing-inventory':
    'add it to the input (`kubectl get namespaces,nodes,pods -o yaml`), or say `--complete` where it is not there',
};

const settledLines = ({ basis, settledBy }: Decision): readonly string[] => {
  if (settledBy === undefined) return [];
  if (settledBy.includes('port')) return [`  settled by: ${settledBy}`];
  const option = settledBy.includes('ingress controller')
    ? '`--ingress-controller NAMESPACE/LABELS`'
    : OPTIONS[basis];
  return [`  settled by: ${settledBy}${option === undefined ? '' : `; ${option}`}`];
};

export const connectionText = ({ src, dst, protocol, port }: Query): string =>
  `${src} => ${dst} ${protocol}${port === null ? '' : ` ${port}`}`;

const halfLines = (half: Half, subject: string): readonly string[] => [
  `  ${half.direction.toLowerCase()}: ${half.verdict} (${half.basis})`,
  ...(half.reasons.length === 0 ? silentLines(half, subject) : []),
  ...half.reasons.map(reason => `    ${reasonText(reason)}`),
];

/** Where no policy and no rule had a part in it. Of an end that is not known nobody can say what selects it. */
const silentLines = ({ verdict, governed, basis }: Half, subject: string): readonly string[] => {
  if (verdict === 'UNDECIDABLE') return [];
  if (!governed) return [`    no policy selects ${subject} in this direction`];
  return basis === 'default-allow'
    ? [`    no rule of the policies that select ${subject} matches, and none of them isolates it`]
    : [];
};

const MOST_NAMES = 20;

const namesText = (names: readonly string[]): string => {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const partLines = ({ sources, destinations, ports, decision }: AnswerPart): readonly string[] => {
  const [src, dst] = [namesText(sources), namesText(destinations)];
  return [
    `${src} => ${dst} ${ports} : ${decision.verdict} (${decision.basis})`,
    ...decisionLines(decision, { src: 'them', dst: 'them' }),
  ].map(line => `  ${line}`);
};

/** The answer of the whole, then that of each part that has one of its own. */
export const partsText = (
  query: Query,
  decision: Decision,
  { parts, left, notes }: AnswerParts,
): string =>
  [
    headline(query, decision),
    ...(decision.missing === null ? [] : [`  missing: ${decision.missing}`]),
    ...settledLines(decision),
    ...parts.flatMap(partLines),
    ...[...(decision.notes ?? []), ...notes].map(note => `  note: ${note}`),
    ...(left === 0
      ? []
      : [
          `  note: ${counted(left, 'pair was', 'pairs were')} not asked, since it would be too many: ask for less`,
        ]),
    '',
  ].join('\n');
