import { Direction, type Policy, policiesSelecting } from '../netpol/index.js';
import { type InForceStores, keptSet } from './in-force.js';
import { PolicySource, policyId } from './policy.js';

export type SelectingInput = {
  readonly clusterId: number;
  /** Of deployments. */
  readonly ids: readonly string[];
};

/** Ids of the stored policies that select some pod of a deployment, by direction, in the order in which they decide. */
export type SelectingPolicies = Readonly<Record<Direction, readonly string[]>>;

const idOf = (policy: Policy): string => policyId(PolicySource.LIVE, policy);

/**
 * The policies in force that select each deployment, for some of its label sets or for all, in the order of `ids`; null
 * where nobody knows its labels.
 */
export async function selectingPolicies(
  stores: InForceStores,
  { clusterId, ids }: SelectingInput,
): Promise<readonly (SelectingPolicies | null)[]> {
  const { evaluated } = await keptSet(stores, clusterId);
  const wanted = new Set(ids);
  const pods = evaluated.facts.pods.filter(({ key, memberOf }) => wanted.has(memberOf ?? key));
  const keys = Map.groupBy(pods, ({ key, memberOf }) => memberOf ?? key);
  const found = policiesSelecting(evaluated.compiled, new Set(pods.map(({ key }) => key)));
  return ids.map(id => {
    const sets = (keys.get(id) ?? []).flatMap(({ key }) => found.get(key) ?? []);
    if (sets.length === 0) return null;
    const of = (direction: Direction) => [
      ...new Set(sets.flatMap(set => set[direction].map(idOf))),
    ];
    return { INGRESS: of(Direction.INGRESS), EGRESS: of(Direction.EGRESS) };
  });
}
