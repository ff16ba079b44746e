import type { Caller } from '../access/caller.js';
import type { Problem } from '../netpol/index.js';
import { versionFault } from '../query/problem.js';
import { type Made, type MakeInput, type MakeStores, makeSet } from './make-set.js';
import type { PolicySet, PolicySetItem } from './policy-set.js';
import type { PolicySetStore } from './policy-set.store.js';
import { defaultSetName } from './set-name.js';

type SetStores = { readonly policySets: PolicySetStore };

export type GenerateDeps = {
  readonly reads: MakeStores;
  readonly caller: Caller;
  readonly transaction: <T>(work: (stores: SetStores) => Promise<T>) => Promise<T>;
  readonly now: () => string;
};

export type GenerateInput = MakeInput & {
  /** Name of the policy set; null: one for the scope (`defaultSetName`). */
  readonly name: string | null;
  /** Latest version of the set, 0: there is none. Null: whatever it is. */
  readonly expectedVersion?: number | null;
};

export type GenerateOutcome = Omit<Made, 'items'> & {
  /** As it was stored; its policies are in the store. */
  readonly policySet: PolicySet | null;
};

const isSame = (before: readonly PolicySetItem[], now: readonly PolicySetItem[]): boolean =>
  before.length === now.length && before.every(({ yaml }, place) => yaml === now[place]?.yaml);

/** The next version of the set; the one before where it says the same, byte for byte. */
async function store(
  { policySets }: SetStores,
  input: GenerateInput,
  items: readonly PolicySetItem[],
  createdAt: string,
): Promise<{ readonly policySet: PolicySet | null; readonly problems: readonly Problem[] }> {
  const { clusterId, from, scope, window, options, reserved } = input;
  const name = input.name ?? defaultSetName(scope);
  const { id, version } = await policySets.nextVersion(clusterId, name);
  const before = await policySets.newest(clusterId, name);
  const stale = versionFault(`the set \`${name}\``, version - 1, input.expectedVersion);
  if (stale !== null) return { policySet: null, problems: [stale] };
  if (before !== null && isSame(await policySets.itemsOf([before]), items))
    return { policySet: before, problems: [] };
  const set: PolicySet = {
    clusterId,
    id,
    name,
    version,
    origin: from,
    createdAt,
    request: { scope, window, options, reserved },
  };
  await policySets.insert(set, items);
  return { policySet: set, problems: [] };
}

/**
 * One least-privilege policy per deployment of the scope, proved against the flows that it was made from, and stored
 * as the next version of a policy set. Nothing is stored where no policy came of it. Reads, then computes, then writes:
 * only the writing is one transaction.
 */
export async function generate(
  { reads, transaction, caller, now }: GenerateDeps,
  input: GenerateInput,
): Promise<GenerateOutcome> {
  const { items, ...made } = await makeSet(reads, caller, input);
  if (items.length === 0) return { ...made, policySet: null };
  const { policySet, problems } = await transaction(stores => store(stores, input, items, now()));
  return { ...made, policySet, problems: [...problems, ...made.problems] };
}
