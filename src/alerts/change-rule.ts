import { randomUUID } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { Caller } from '../access/caller.js';
import { coversScope } from '../access/caller.js';
import type { Problem } from '../netpol/index.js';
import { emptyLists, errorAt, infoAt, versionFault, warningAt } from '../query/problem.js';
import { AlertRule } from './alert.js';
import { type AlertRuleDefinition, SHIPPED_RULES } from './alert-rule.js';
import type { AlertRuleStore } from './alert-rule.store.js';

/** What somebody gives of a rule. */
export type AlertRuleDraft = Omit<
  AlertRuleDefinition,
  'id' | 'shipped' | 'version' | 'updatedAt' | 'updatedBy'
>;

export type ChangeRuleDeps = {
  readonly transaction: <T>(
    work: (stores: { readonly alertRules: AlertRuleStore }) => Promise<T>,
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

/** An address or block as Postgres and `bad` of a flow's end write it; null: it is none. */
export function addressText(text: string): string | null {
  try {
    if (!text.includes('/')) return ipaddr.parse(text).toString();
    const [address, length] = ipaddr.parseCIDR(text);
    const network =
      address.kind() === 'ipv4'
        ? ipaddr.IPv4.networkAddressFromCIDR(text)
        : ipaddr.IPv6.networkAddressFromCIDR(text);
    return `${network.toString()}/${length}`;
  } catch {
    return null;
  }
}

/** Rules of one installation: a page of lists holds them all. */
const MOST_RULES = 500;
const MOST_ADDRESSES = 10_000;

/** What is given for one criterion, and without effect for all others. */
const FOR_ONE = [
  ['addresses', AlertRule.KNOWN_BAD],
  ['threshold', AlertRule.LATERAL_SCAN],
  ['megabytes', AlertRule.EXFILTRATION],
  ['stableSeverity', AlertRule.OFF_BASELINE],
] as const;

const isGiven = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined;

const idleFaults = ({ criterion, parameters }: AlertRuleDraft): readonly Problem[] =>
  FOR_ONE.filter(([name, one]) => criterion !== one && isGiven(parameters[name])).map(
    ([name, one]) =>
      errorAt(
        'NO_EFFECT',
        name,
        `\`${name}\` is for ${one}`,
        `leave it out, or say \`criterion: ${one}\``,
      ),
  );

function addressFaults(addresses: readonly string[]): readonly Problem[] {
  const wrong = addresses.filter(text => addressText(text) === null).slice(0, 5);
  const faults = wrong.map(text =>
    errorAt(
      'BAD_ADDRESS',
      'addresses',
      `\`${text}\` is no address or block`,
      'write it such as `203.0.113.0/24`',
    ),
  );
  if (addresses.length <= MOST_ADDRESSES) return faults;
  const many = `more than ${MOST_ADDRESSES} addresses`;
  return [...faults, errorAt('TOO_MANY', 'addresses', many, 'give blocks')];
}

/** All that is given of an exclusion must hold: where nothing is, no flow is left. */
const everythingExcluded = (
  exclusion: AlertRuleDraft['exclusions'][number],
  place: number,
): readonly Problem[] =>
  Object.values(exclusion).some(value => value !== null)
    ? []
    : [
        errorAt(
          'NOTHING_NAMED',
          `exclusions[${place}]`,
          'the exclusion names nothing, and would leave out every flow',
          'name a namespace, a deployment, a peer or a port; set `enabled: false` to switch the rule off',
        ),
      ];

/** What a rule can be, and raises nothing. */
const warningsOf = ({ criterion, parameters }: AlertRuleDraft): readonly Problem[] =>
  criterion === AlertRule.KNOWN_BAD && (parameters.addresses ?? []).length === 0
    ? [
        warningAt(
          'NOTHING_NAMED',
          'addresses',
          'the rule knows no bad address, and raises nothing',
          'give addresses and blocks with `updateAlertRule`',
        ),
      ]
    : [];

/** Why a rule cannot be as it is given. */
export function faultsOf(draft: AlertRuleDraft): readonly Problem[] {
  const { addresses = [], threshold, megabytes } = draft.parameters;
  const { clusters, namespaces } = draft.scope;
  const faults = [
    ...emptyLists({
      'scope.clusters': clusters,
      'scope.namespaces': namespaces,
      categories: draft.categories,
    }),
    ...draft.exclusions.flatMap(everythingExcluded),
  ];
  if (draft.name.trim() === '')
    faults.push(
      errorAt('BAD_NAME', 'name', 'a rule needs a name', 'say in a few words what it is about'),
    );
  faults.push(...addressFaults(addresses));
  if (threshold !== undefined && (threshold < 2 || threshold > 100_000))
    faults.push(
      errorAt(
        'BAD_THRESHOLD',
        'threshold',
        '`threshold` is not between 2 and 100000',
        'say how many peers and ports within an hour are too many',
      ),
    );
  if (megabytes !== undefined && megabytes < 1)
    faults.push(
      errorAt(
        'BAD_THRESHOLD',
        'megabytes',
        '`megabytes` is less than 1',
        'say how much within an hour may be unusual',
      ),
    );
  return [...faults, ...idleFaults(draft)];
}

const settled = (draft: AlertRuleDraft): AlertRuleDraft => {
  const { addresses } = draft.parameters;
  if (addresses === undefined) return draft;
  const texts = addresses.map(text => addressText(text) ?? text);
  return {
    ...draft,
    parameters: { ...draft.parameters, addresses: [...new Set(texts)].toSorted() },
  };
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
  const same = all.find(
    ({ id, name }) => id !== rule.id && name.toLowerCase() === rule.name.toLowerCase(),
  );
  return [
    ...faultsOf(rule),
    ...(mayTouch(caller, rule) ? [] : [outOfScope]),
    ...(same === undefined
      ? []
      : [
          errorAt(
            'NAME_TAKEN',
            'name',
            `a rule is named \`${same.name}\` already`,
            'give it another name, or change that one',
          ),
        ]),
  ];
}

export const createAlertRule = (
  deps: ChangeRuleDeps,
  draft: AlertRuleDraft,
): Promise<ChangeRuleOutcome> =>
  deps.transaction(async ({ alertRules }) => {
    await alertRules.lock();
    const all = await alertRules.all();
    const made = { id: randomUUID(), shipped: false, version: 1, updatedAt: deps.now() };
    const rule = { ...settled(draft), ...made, updatedBy: deps.caller.name };
    const problems = refusals(deps, rule, all);
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

export type UpdateRuleInput = {
  /** Null: the id of no rule. */
  readonly id: string | null;
  readonly expectedVersion: number | null;
  /** What is given changes; the criterion stays. */
  readonly change: Partial<AlertRuleDraft>;
};

const notFound = errorAt(
  'NOT_FOUND',
  'id',
  'there is no rule of this id',
  'take the `id` of a rule from `alertRules`',
);

export const updateAlertRule = (
  deps: ChangeRuleDeps,
  { id, expectedVersion, change }: UpdateRuleInput,
): Promise<ChangeRuleOutcome> =>
  deps.transaction(async ({ alertRules }) => {
    await alertRules.lock();
    const all = await alertRules.all();
    const before = all.find(rule => rule.id === id);
    if (before === undefined) return refused(notFound);
    if (!mayTouch(deps.caller, before)) return refused(outOfScope);
    const stale = versionFault('the rule', before.version, expectedVersion);
    if (stale !== null) return refused(stale);
    const version = before.version + 1;
    const changed = { ...before, ...change, criterion: before.criterion, version };
    const rule = {
      ...changed,
      ...settled(changed),
      updatedAt: deps.now(),
      updatedBy: deps.caller.name,
    };
    const problems = refusals(deps, rule, all);
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
