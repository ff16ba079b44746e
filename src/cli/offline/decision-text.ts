import type { Decision, Half, Reason } from '../../netpol/index.js';
import { placeText } from './findings-document.js';
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

export const reasonText = (reason: Reason): string => {
  const { kind, namespace, name } = reason.policy;
  const policy = `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
  const where = `(${placeText(reason)})`;
  if (reason.rule === null) return `${policy} selects it, and none of its rules matches ${where}`;
  const path = `spec.${reason.direction.toLowerCase()}[${reason.rule.index}]`;
  const title = reason.rule.name === null ? '' : ` \`${reason.rule.name}\``;
  return `${policy} ${reason.rule.action} by rule ${path}${title} ${where}`;
};
