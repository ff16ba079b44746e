import { randomUUID } from 'node:crypto';
import type { Caller } from '../access/caller.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { clusterOrder } from '../inventory/cluster-page.js';
import { noCluster } from '../inventory/existing-cluster.js';
import { type Problem, Severity } from '../netpol/index.js';
import { EVERYTHING } from '../query/condition.js';
import { LARGEST_PAGE, pageRequest } from '../query/page.js';
import type { AlertRuleDefinition, AlertRuleDraft } from './alert-rule.js';
import type { AlertRuleStore } from './alert-rule.store.js';
import { mayTouch } from './change-rule.js';
import { faultsOf } from './rule-faults.js';
import { type TestRuleOutcome, type TestRuleStores, testAlertRule } from './try-rule.js';
import { ruleSeenBy } from './visible-rule.js';

/** A stored rule or a draft; of one cluster, or of all that the caller sees. Times are ISO text. */
export type TestAlertRuleInput = {
  readonly id: string | null;
  readonly draft: AlertRuleDraft | null;
  readonly cluster: string | null;
  readonly since: string;
  readonly until: string;
};

export type TestAlertRuleDeps = {
  readonly reads: TestRuleStores & {
    readonly alertRules: AlertRuleStore;
    readonly clusters: Pick<ClusterStore, 'byName' | 'names' | 'page'>;
  };
  readonly caller: Caller;
};

const ALL = { first: LARGEST_PAGE - 1 } as const;

const refused = (
  code: string,
  [message, path, hint]: readonly [string, string, string],
): TestRuleOutcome => {
  const problem: Problem = {
    code,
    severity: Severity.ERROR,
    message,
    path,
    place: null,
    hint,
  };
  return { alerts: [], flows: 0, problems: [problem] };
};

const ruleOf = async (
  { reads, caller }: TestAlertRuleDeps,
  { id, draft }: TestAlertRuleInput,
): Promise<AlertRuleDefinition | null> => {
  if (draft === null) {
    const stored = (await reads.alertRules.all()).find(rule => rule.id === id);
    return stored === undefined || ruleSeenBy(caller, stored) === null ? null : stored;
  }
  const made = { id: randomUUID(), shipped: false, version: 0, updatedAt: null, updatedBy: null };
  return { ...draft, ...made };
};

/** Within the scope of the rule and of the caller: one that sees some namespaces tests rules of these. */
export async function testRule(
  deps: TestAlertRuleDeps,
  input: TestAlertRuleInput,
): Promise<TestRuleOutcome> {
  const rule = await ruleOf(deps, input);
  if (rule === null)
    return refused('NOT_FOUND', [
      'there is no rule of this id',
      'id',
      'take the `id` of a rule from `alertRules`',
    ]);
  const faults = input.draft === null ? [] : faultsOf(input.draft);
  if (faults.length > 0) {
    const problems = faults.map(one => ({ ...one, path: `rule.${one.path}` }));
    return { alerts: [], flows: 0, problems };
  }
  if (deps.caller.namespaces !== 'ALL' && !mayTouch(deps.caller, rule))
    return refused('FORBIDDEN', [
      'the rule is about more than you may see',
      'scope',
      'name clusters and namespaces within your scope',
    ]);
  const { clusters } = deps.reads;
  const one = input.cluster === null ? null : await clusters.byName(input.cluster);
  if (input.cluster !== null && one === null)
    return { alerts: [], flows: 0, problems: [await noCluster(clusters, input.cluster)] };
  const { since, until } = input;
  const all = one ? [one] : await clusters.page(EVERYTHING, pageRequest(ALL, clusterOrder(null)));
  return testAlertRule(deps.reads, { clusters: all, rule, since, until });
}
