import type { PeerStore } from '../inventory/peer.store.js';
import type { Condition } from '../query/condition.js';
import type { PageRequest } from '../query/page.js';
import {
  mapPage,
  type Page,
  type PageArguments,
  pageOf,
  pageRequest,
  totalCountOf,
} from '../query/page.js';
import { flowCondition, type Window, windowOf } from './flow-condition.js';
import { endsOf, type FlowLookAhead } from './flow-look-ahead.js';
import { type FlowNode, flowNode } from './flow-node.js';
import { type FlowOrder, flowOrder } from './flow-order.js';
import type { FlowPageStore } from './flow-page.store.js';
import type { FlowFilter } from './flow-view.js';

/** What a list of flows is asked for. */
export type FlowListing = PageArguments & {
  readonly filter?: FlowFilter | null;
  readonly orderBy?: FlowOrder | null;
};

/** The same as the store takes it. */
export type FlowRequest = {
  readonly condition: Condition;
  readonly window: Window;
  readonly request: PageRequest;
};

/** @throws ApiError BAD_USER_INPUT */
export function flowRequest(
  listing: FlowListing,
  now: Date,
  { isKeyed }: Pick<FlowLookAhead, 'isKeyed'>,
): FlowRequest {
  const { filter, orderBy } = listing;
  const window = windowOf(filter, now);
  return {
    condition: flowCondition(filter, now),
    window,
    request: pageRequest(listing, flowOrder(orderBy, window), isKeyed),
  };
}

type ListStores = {
  readonly flows: Pick<FlowPageStore, 'page' | 'count'>;
  readonly peers: Pick<PeerStore, 'byIds'>;
};

/** One page of the flows that the caller sees: one statement, one more for their ends, one when they are counted. */
export async function listFlows(
  { flows, peers }: ListStores,
  listing: FlowListing,
  { now, ahead }: { readonly now: Date; readonly ahead: FlowLookAhead },
): Promise<Page<FlowNode>> {
  const { condition, window, request } = flowRequest(listing, now, ahead);
  const rows = await flows.page(condition, window, request);
  const count = async () => totalCountOf(await flows.count(condition));
  const ends = await endsOf(peers, rows, ahead);
  return mapPage(pageOf(request, rows, count), row => flowNode(row, ends(row)));
}
