import type { LabelSelector, LabelSelectorRequirement } from '../../generated/cli.js';
import { Failure } from '../shell.js';

/** `key`, `!key`, `key=value`, `key!=value`, `key in (a, b)` or `key notin (a, b)`. */
const REQUIREMENT = /^(!?)([^\s=!()]+)\s*(?:(!=|==?)\s*([^\s()=!]*)|\s(notin|in)\s*\(([^()]*)\))?$/;

/** A comma within parentheses parts values, and no requirements. */
const BETWEEN = /,(?![^(]*\))/;

const wrongPart = (part: string): Failure =>
  new Failure(
    `\`${part}\` is no requirement of a selector`,
    'as `tier=back`, `tier in (back, front)` or `!tier`',
  );

const setOf = (text: string): string[] => text.split(',').map(value => value.trim());

function requirementOf(part: string): LabelSelectorRequirement {
  const [, not, key, sign, value = '', word, values = ''] = REQUIREMENT.exec(part.trim()) ?? [];
  if (key === undefined) throw wrongPart(part);
  if (sign === undefined && word === undefined)
    return { key, operator: not === '!' ? 'DoesNotExist' : 'Exists', values: null };
  if (not === '!') throw wrongPart(part);
  const isNot = sign === '!=' || word === 'notin';
  return {
    key,
    operator: isNot ? 'NotIn' : 'In',
    values: word === undefined ? [value] : setOf(values),
  };
}

/** What `kubectl` takes as a selector. @throws Failure for what is none */
export const selectorOf = (text: string | undefined): LabelSelector | null =>
  text === undefined
    ? null
    : { matchExpressions: text.split(BETWEEN).map(requirementOf), matchLabels: null };
