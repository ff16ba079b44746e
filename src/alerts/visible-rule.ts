import { type Caller, seesWhole } from '../access/caller.js';
import type { AlertRuleDefinition } from './alert-rule.js';
import { mayTouch } from './change-rule.js';

const within = (asked: readonly string[] | null, names: Caller['clusters']): boolean =>
  asked === null || names === 'ALL' || asked.every(name => names.includes(name));

/** Who sees workloads by their labels is not told which namespaces there are. */
const isWithin = (caller: Caller, { scope }: AlertRuleDefinition): boolean =>
  within(scope.clusters, caller.clusters) &&
  within(scope.namespaces, caller.selector === null ? caller.namespaces : []);

/**
 * A rule as a caller sees it; null: not at all. Rules that are about more than the caller sees hold for its workloads as
 * well, but their exclusions and labels may name others.
 */
export function ruleSeenBy(caller: Caller, rule: AlertRuleDefinition): AlertRuleDefinition | null {
  if (seesWhole(caller) && caller.clusters === 'ALL') return rule;
  if (!isWithin(caller, rule)) return null;
  if (mayTouch(caller, rule)) return rule;
  const { labels, podSelector = null, namespaceSelector = null } = rule.scope;
  const selects = [labels, podSelector, namespaceSelector].some(one => one !== null);
  return selects ? null : { ...rule, exclusions: [] };
}
