import { type Decision, type Half, reasonText } from '../../netpol/index.js';
import type { Query } from './queries.js';

/** A decision as a person reads it: the verdict, then what decided in each direction. */
export const decisionText = (query: Query, decision: Decision): string =>
  [
    `${connectionText(query)} : ${decision.verdict} (${decision.basis})`,
    ...halfLines(decision.egress, query.src),
    ...halfLines(decision.ingress, query.dst),
    ...(decision.missing === null ? [] : [`  missing: ${decision.missing}`]),
    ...settledBy(decision).map(cure => `  settled by: ${cure}`),
    ...(decision.notes ?? []).map(note => `  note: ${note}`),
    '',
  ].join('\n');

/** Which answer holds when, and what would leave one. */
const CURES: Readonly<Record<string, string>> = {
  'missing-inventory':
    'adding it to the input (`kubectl get namespaces,nodes,pods -o yaml`), or `--complete` where it is not there; ALLOWED where the allowing rule above matches, else DENIED',
  'undefined-snat': '`externalTrafficPolicy: Local`, which keeps the address of the client',
  'unresolved-peer': 'asking for one address, pod or Service instead',
  'undefined-protocol': 'a test in the cluster: the API says nothing of other protocols',
};

const settledBy = ({ verdict, basis, missing }: Decision): readonly string[] => {
  if (verdict !== 'UNDECIDABLE') return [];
  if (missing?.includes('ingress controller') === true)
    return ['`--ingress-controller NAMESPACE/LABELS`, which says where it runs'];
  if (missing?.includes('has no port') === true) return ['asking for a port that the Service has'];
  const cure = CURES[basis];
  return cure === undefined ? [] : [cure];
};

export const connectionText = ({ src, dst, protocol, port }: Query): string =>
  `${src} => ${dst} ${protocol}${port === null ? '' : ` ${port}`}`;

const halfLines = (half: Half, subject: string): readonly string[] => [
  `  ${half.direction.toLowerCase()}: ${half.verdict} (${half.basis})`,
  ...(half.reasons.length === 0 && !half.governed
    ? [`    no policy selects \`${subject}\` in this direction`]
    : half.reasons.map(reason => `    ${reasonText(reason)}`)),
];
