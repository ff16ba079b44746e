import { Isolation } from '../inventory/peer.js';
import { isolationOf } from '../netpol/index.js';
import type { DeploymentIsolation, IsolationStore } from './isolation.store.js';
import type { Evaluated } from './kept-sets.js';

const named = (ingress: boolean, egress: boolean): Isolation => {
  if (ingress) return egress ? Isolation.BOTH : Isolation.INGRESS;
  return egress ? Isolation.EGRESS : Isolation.NONE;
};

/** For which directions the policies in force select each deployment; null where its labels are not known. */
function isolations({ compiled, known }: Evaluated): readonly DeploymentIsolation[] {
  const found = isolationOf(compiled);
  const sets = Map.groupBy(known.pods, ({ key, memberOf }) => memberOf ?? key);
  return [...sets].map(([id, pods]) => {
    const each = pods.map(({ key }) => found.get(key)).filter(one => one !== undefined);
    const [first, ...others] = new Set(each.map(one => named(one.ingress, one.egress)));
    return { id, isolation: others.length > 0 ? Isolation.PARTIAL : (first ?? null) };
  });
}

/** Brings the isolation of all deployments up to date. */
export const isolateAll = (
  isolation: IsolationStore,
  clusterId: number,
  set: Evaluated,
): Promise<void> =>
  set.policies.length === 0
    ? isolation.none(clusterId, true)
    : isolation.put(clusterId, isolations(set));

/** Gives deployments that are new their isolation. */
export async function isolateNew(
  isolation: IsolationStore,
  clusterId: number,
  set: Evaluated,
): Promise<void> {
  const unset = new Set(await isolation.unset(clusterId));
  if (unset.size === 0) return;
  const known = isolations(set).filter(one => unset.has(one.id) && one.isolation !== null);
  if (known.length > 0) await isolation.put(clusterId, known);
}
