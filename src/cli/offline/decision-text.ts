import { type Decision, type Half, reasonText } from '../../netpol/index.js';
import type { Query } from './queries.js';

/** A decision as a person reads it: the verdict, then what decided in each direction. */
export const decisionText = (query: Query, decision: Decision): string =>
  [
    `${connectionText(query)} : ${decision.verdict} (${decision.basis})`,
    ...halfLines(decision.egress, query.src),
    ...halfLines(decision.ingress, query.dst),
    ...(decision.missing === null ? [] : [`  missing: ${decision.missing}`]),
    '',
  ].join('\n');

export const connectionText = ({ src, dst, protocol, port }: Query): string =>
  `${src} => ${dst} ${protocol}${port === null ? '' : ` ${port}`}`;

const halfLines = (half: Half, subject: string): readonly string[] => [
  `  ${half.direction.toLowerCase()}: ${half.verdict} (${half.basis})`,
  ...(half.reasons.length === 0 && !half.governed
    ? [`    no policy selects \`${subject}\` in this direction`]
    : half.reasons.map(reason => `    ${reasonText(reason)}`)),
];
