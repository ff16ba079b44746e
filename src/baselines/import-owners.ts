import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import type { Problem } from '../netpol/index.js';
import { warningAt } from '../query/problem.js';
import { nameOf } from './generate-problems.js';
import type { ReadBaseline } from './read-export.js';

type OwnerStores = { readonly scopes: ScopeStore; readonly peers: Pick<PeerStore, 'byIds'> };

export type Named = { readonly read: ReadBaseline; readonly peer: Peer };

/** Whose the baselines are; a WARNING for each that is nobody's. */
export async function owners(
  { scopes, peers }: OwnerStores,
  clusterId: number,
  read: readonly ReadBaseline[],
): Promise<{ readonly named: readonly Named[]; readonly problems: readonly Problem[] }> {
  const wanted = new Set(read.map(({ deployment }) => deployment));
  const all = (await scopes.deployments(clusterId)).filter(one => wanted.has(nameOf(one)));
  const found = await peers.byIds(all.map(({ id }) => ({ clusterId, id })));
  const named: Named[] = [];
  const problems: Problem[] = [];
  const taken = new Set<string>();
  for (const one of read) {
    const some = found.filter(
      peer =>
        peerName(peer) === one.deployment && (one.kind === null || one.kind === peer.workloadKind),
    );
    const [peer] = some;
    const path = `${one.path}.deployment`;
    if (peer === undefined)
      problems.push(
        warningAt(
          'NOT_FOUND',
          path,
          `there is no deployment \`${one.deployment}\` of kind \`${one.kind ?? 'any'}\``,
          'import the inventory first, or take it out',
        ),
      );
    else if (some.length > 1)
      problems.push(
        warningAt(
          'AMBIGUOUS',
          path,
          `several kinds are named \`${one.deployment}\``,
          'give `kind`',
        ),
      );
    else if (taken.has(peer.id))
      problems.push(
        warningAt('DUPLICATE', path, 'it is named twice: the first counts', 'take one of them out'),
      );
    else {
      taken.add(peer.id);
      named.push({ read: one, peer });
    }
  }
  return { named, problems };
}
