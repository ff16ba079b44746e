import type { ForeignPolicy } from '../inventory/snapshot.js';
import type { Problem } from '../netpol/index.js';
import type { ForeignPolicyStore } from './foreign-policy.store.js';

/** `CiliumNetworkPolicy/shop/web` */
export const foreignText = ({ kind, namespace, name }: ForeignPolicy): string =>
  [kind, namespace, name].filter(part => part !== null).join('/');

const MOST_NAMES = 5;

/** Nothing where no policy of another API acts in the cluster; else a WARNING that names the first. */
export async function foreignProblems(
  store: Pick<ForeignPolicyStore, 'inForce'>,
  clusterId: number,
): Promise<readonly Problem[]> {
  const found = (await store.inForce([clusterId])).map(foreignText);
  if (found.length === 0) return [];
  const names = found.slice(0, MOST_NAMES).map(name => `\`${name}\``);
  const rest = found.length - names.length;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return [
    {
      code: 'FOREIGN_POLICIES',
      severity: 'WARNING',
      message: `${names.join(', ')}${more} ${found.length === 1 ? 'acts in the cluster and is not read: it' : 'act in the cluster and are not read: they'} may change what is said here`,
      path: null,
      place: null,
      hint: 'hold the answer against what is not read, or translate it into NetworkPolicies',
    },
  ];
}
