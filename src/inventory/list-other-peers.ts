import type { Condition } from '../query/condition.js';
import { type Page, type PageArguments, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { type OtherKind, type PeerOrder, peerOrder } from './other-peers.js';
import type { OtherPeerStore } from './other-peers.store.js';
import type { Peer } from './peer.js';

type Asked = {
  readonly kind: OtherKind;
  readonly condition: Condition;
  readonly page: PageArguments;
  readonly orderBy: PeerOrder | null | undefined;
};

/** A page of external entities or of nodes: one statement, and one more when they are counted. */
export async function pageOfPeers(
  { otherPeers }: { readonly otherPeers: OtherPeerStore },
  { kind, condition, page, orderBy }: Asked,
  { isKeyed, columns }: { readonly isKeyed: boolean; readonly columns: readonly (keyof Peer)[] },
): Promise<Page<Peer>> {
  const request = pageRequest(page, peerOrder(orderBy), isKeyed);
  const rows = await otherPeers.page(kind, condition, request, columns);
  const count = async () => totalCountOf(await otherPeers.count(kind, condition));
  return pageOf(request, rows, count);
}
