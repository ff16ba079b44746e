import type { Reason } from '../verdict.js';

/** One policy's part in a decision, as a person reads it, with file, line and column. */
export const reasonText = (reason: Reason): string => {
  const { kind, namespace, name } = reason.policy;
  const policy = `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
  const { file, line, column } = reason.place;
  const which = reason.appliesTo === undefined ? '' : `, ${reason.appliesTo}`;
  const where = `(${file ?? '-'}:${line}:${column})${which}`;
  if (reason.rule === null) {
    const nearest = reason.miss === undefined ? '' : `; nearest: ${reason.miss}`;
    return `${policy} selects it, and none of its rules matches ${where}${nearest}`;
  }
  const path = `spec.${reason.direction.toLowerCase()}[${reason.rule.index}]`;
  const title = reason.rule.name === null ? '' : ` \`${reason.rule.name}\``;
  return `${policy} ${reason.rule.action} by rule ${path}${title} ${where}`;
};
