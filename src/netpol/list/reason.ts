import { Direction } from '../policy.js';
import { NO_RULE, type Reason } from '../verdict.js';

type Ruled = {
  readonly direction: string;
  readonly index: number;
  /** Those of the rule's several peers that matched. */
  readonly peers: readonly number[] | null | undefined;
};

/** `spec.ingress[0]`, or `spec.ingress[0].from[1]` where one of several peers matched. */
export const rulePath = ({ direction, index, peers }: Ruled): string => {
  const path = `spec.${direction.toLowerCase()}[${index}]`;
  const [peer, ...others] = peers ?? [];
  const list = direction === Direction.INGRESS ? 'from' : 'to';
  return peer === undefined || others.length > 0 ? path : `${path}.${list}[${peer}]`;
};

type Isolation = { readonly policy: string; readonly where: string; readonly miss: string | null };

/** A policy that selects an end and lets nothing of what was asked through. */
export function isolationText({ policy, where, miss }: Isolation): string {
  if (miss === null) return `${policy} selects it, and none of its rules matches ${where}`;
  return Object.values(NO_RULE).includes(miss)
    ? `${policy} selects it ${where}; ${miss}`
    : `${policy} selects it, and none of its rules matches ${where}; nearest: ${miss}`;
}

/** One policy's part in a decision, as a person reads it, with file, line and column. */
export const reasonText = (reason: Reason): string => {
  const { kind, namespace, name } = reason.policy;
  const policy = `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
  const { file, line, column } = reason.place;
  const which = reason.appliesTo === undefined ? '' : `, ${reason.appliesTo}`;
  const where = `(${file ?? '-'}:${line}:${column})${which}`;
  if (reason.rule === null) {
    return isolationText({ policy, where, miss: reason.miss ?? null });
  }
  const path = rulePath({ ...reason.rule, direction: reason.direction, peers: reason.rule.peers });
  const title = reason.rule.name === null ? '' : ` \`${reason.rule.name}\``;
  return `${policy} ${reason.rule.action} by rule ${path}${title} ${where}`;
};
