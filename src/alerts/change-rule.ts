import { randomUUID } from 'node:crypto';
import type { Caller } from '../access/caller.js';
import { coversScope } from '../access/caller.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { unknownClusters } from '../inventory/existing-cluster.js';
import type { Problem } from '../netpol/index.js';
import { errorAt, infoAt, versionFault } from '../query/problem.js';
import { type AlertRuleDefinition, type AlertRuleDraft, SHIPPED_RULES } from './alert-rule.js';
import type { AlertRuleStore } from './alert-rule.store.js';
import { addressText, faultsOf, warningsOf } from './rule-faults.js';

export type ChangeRuleDeps = {
  readonly transaction: <T>(
    work: (stores: {
      readonly alertRules: AlertRuleStore;
      readonly clusters: Pick<ClusterStore, 'names'>;
    }) => Promise<T>,
  ) => Promise<T>;
  readonly now: () => string;
  readonly caller: Caller;
};

export type ChangeRuleOutcome = {
  readonly rule: AlertRuleDefinition | null;
  readonly problems: readonly Problem[];
};

const refused = (...problems: readonly Problem[]): ChangeRuleOutcome => ({ rule: null, problems });

/** A rule sees what its scope holds: nobody makes one, or looks into one, that sees more than they do. */
export const mayTouch = (caller: Caller, { scope }: Pick<AlertRuleDefinition, 'scope'>): boolean =>
  coversScope(caller, {
    clusters: scope.clusters ?? 'ALL',
    namespaces: scope.namespaces ?? 'ALL',
    selector: null,
  });

/** Rules of one installation: a page of lists holds them all. */
const MOST_RULES = 500;

const sortedSet = (texts: readonly string[]): readonly string[] => [...new Set(texts)].toSorted();

/** Lists in order and without repeats: what is the same is written the same. */
const settled = (draft: AlertRuleDraft): AlertRuleDraft => {
  const { clusters, namespaces } = draft.scope;
  const scope = {
    ...draft.scope,
    clusters: clusters && sortedSet(clusters),
    namespaces: namespaces && sortedSet(namespaces),
  };
  const { addresses } = draft.parameters;
  if (addresses === undefined) return { ...draft, scope };
  const texts = addresses.map(text => addressText(text) ?? text);
  return { ...draft, scope, parameters: { ...draft.parameters, addresses: sortedSet(texts) } };
};

/** Rules are named within their clusters and namespaces. */
const isNamesake = (one: AlertRuleDefinition, other: AlertRuleDefinition): boolean => {
  const key = ({ name, scope: { clusters, namespaces } }: AlertRuleDefinition): string =>
    JSON.stringify([name.toLowerCase(), clusters, namespaces]);
  return one.id !== other.id && key(one) === key(other);
};

const outOfScope = errorAt(
  'FORBIDDEN',
  'scope',
  'the rule is about more than you may see',
  'name clusters and namespaces within your scope',
);

/** Why a rule cannot be written as it is. */
function refusals(
  { caller }: Pick<ChangeRuleDeps, 'caller'>,
  rule: AlertRuleDefinition,
  all: readonly AlertRuleDefinition[],
): readonly Problem[] {
  const same = all.find(one => isNamesake(one, rule));
  return [
    ...faultsOf(rule),
    ...(mayTouch(caller, rule) ? [] : [outOfScope]),
    ...(same === undefined
      ? []
      : [
          errorAt(
            'NAME_TAKEN',
            'name',
            `a rule of these clusters and namespaces is named \`${same.name}\` already`,
            'give it another name, or change that one',
          ),
        ]),
  ];
}

export const createAlertRule = (
  deps: ChangeRuleDeps,
  draft: AlertRuleDraft,
): Promise<ChangeRuleOutcome> =>
  deps.transaction(async ({ alertRules, clusters }) => {
    await alertRules.lock();
    const all = await alertRules.all();
    const made = { id: randomUUID(), shipped: false, version: 1, updatedAt: deps.now() };
    const rule = { ...settled(draft), ...made, updatedBy: deps.caller.name };
    const problems = [
      ...refusals(deps, rule, all),
      ...(await unknownClusters(clusters, draft.scope.clusters, 'scope.clusters')),
    ];
    if (all.length >= MOST_RULES)
      return refused(
        errorAt(
          'TOO_MANY',
          null,
          `there are ${MOST_RULES} rules already`,
          'delete some with `deleteAlertRule`',
        ),
      );
    if (problems.length > 0) return refused(...problems);
    await alertRules.put(rule);
    return { rule, problems: warningsOf(rule) };
  });

type RuleChange = Partial<AlertRuleDraft>;

export type UpdateRuleInput = {
  /** Null: the id of no rule. */
  readonly id: string | null;
  readonly expectedVersion: number | null;
  /** What is given changes; the criterion stays. Or what to make of the rule: a change, or why none is made. */
  readonly change: RuleChange | ((rule: AlertRuleDefinition) => RuleChange | Problem);
};

const notFound = errorAt(
  'NOT_FOUND',
  'id',
  'there is no rule of this id',
  'take the `id` of a rule from `alertRules`',
);

/** A list that was imported stays where addresses are given. */
const parametersNow = (
  { parameters: { indicators, ...before } }: AlertRuleDefinition,
  { parameters = before }: RuleChange,
): AlertRuleDraft['parameters'] => ({ ...(indicators && { indicators }), ...parameters });

export const updateAlertRule = (
  deps: ChangeRuleDeps,
  { id, expectedVersion, change }: UpdateRuleInput,
): Promise<ChangeRuleOutcome> =>
  deps.transaction(async ({ alertRules, clusters }) => {
    await alertRules.lock();
    const all = await alertRules.all();
    const before = all.find(rule => rule.id === id);
    if (before === undefined) return refused(notFound);
    if (!mayTouch(deps.caller, before)) return refused(outOfScope);
    const stale = versionFault('the rule', before.version, expectedVersion);
    if (stale !== null) return refused(stale);
    const given = typeof change === 'function' ? change(before) : change;
    if ('code' in given) return refused(given);
    const changed = {
      ...before,
      ...given,
      parameters: parametersNow(before, given),
      criterion: before.criterion,
      version: before.version + 1,
    };
    const rule = {
      ...changed,
      ...settled(changed),
      updatedAt: deps.now(),
      updatedBy: deps.caller.name,
    };
    const problems = [
      ...refusals(deps, rule, all),
      ...(await unknownClusters(clusters, given.scope?.clusters, 'scope.clusters')),
    ];
    if (problems.length > 0) return refused(...problems);
    await alertRules.put(rule);
    return { rule, problems: warningsOf(rule) };
  });

export type DeleteRuleInput = Pick<UpdateRuleInput, 'id' | 'expectedVersion'>;

/** A shipped rule is not deleted: it is as it was shipped again, with an INFO. */
export const deleteAlertRule = (
  deps: ChangeRuleDeps,
  { id, expectedVersion }: DeleteRuleInput,
): Promise<ChangeRuleOutcome> =>
  deps.transaction(async ({ alertRules }) => {
    await alertRules.lock();
    const before = (await alertRules.all()).find(rule => rule.id === id);
    if (before === undefined) return refused(notFound);
    if (!mayTouch(deps.caller, before)) return refused(outOfScope);
    const stale = versionFault('the rule', before.version, expectedVersion);
    if (stale !== null) return refused(stale);
    await alertRules.remove(before.id);
    const shipped = SHIPPED_RULES.find(rule => rule.id === before.id);
    if (shipped === undefined) return { rule: before, problems: [] };
    const told = infoAt(
      'SHIPPED',
      'id',
      'the rule comes with the program: it is as it was shipped again',
      'set `enabled: false` to switch it off',
    );
    return { rule: shipped, problems: [told] };
  });
