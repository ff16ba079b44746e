import type { PeerStore } from '../inventory/peer.store.js';
import {
  mapPage,
  type Page,
  type PageArguments,
  pageOf,
  pageRequest,
  totalCountOf,
} from '../query/page.js';
import { EVERY_FLOW_COLUMN, flowColumnsFor } from './flow-columns.js';
import { windowOf } from './flow-condition.js';
import { endsOf, type FlowLookAhead } from './flow-look-ahead.js';
import type { FlowNode } from './flow-node.js';
import { type FlowOrder, flowOrder, flowPath } from './flow-order.js';
import type { FlowPageQuery, FlowPageStore } from './flow-page.store.js';
import { flowSelection } from './flow-selection.js';
import type { FlowFilters } from './flow-view.js';

/** What a list of flows is asked for. */
export type FlowListing = PageArguments & {
  readonly filter?: FlowFilters | null;
  readonly orderBy?: FlowOrder | null;
};

/** The same as the store takes it, with every column where no fields are named. @throws ApiError BAD_USER_INPUT */
export function flowQuery(
  listing: FlowListing,
  now: Date,
  { isKeyed, fields }: Pick<FlowLookAhead, 'isKeyed'> & Partial<Pick<FlowLookAhead, 'fields'>>,
): FlowPageQuery {
  const { filter, orderBy } = listing;
  const window = windowOf(filter, now);
  return {
    selection: flowSelection(filter, now),
    window,
    columns: fields === undefined ? EVERY_FLOW_COLUMN : flowColumnsFor(fields),
    path: flowPath(orderBy, window),
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
  const query = flowQuery(listing, now, ahead);
  const rows = await flows.page(query);
  const count = async () => totalCountOf(await flows.count(query.selection));
  const ends = await endsOf(peers, rows, ahead);
  return mapPage(pageOf(query.request, rows, count), row => ({ ...row, ...ends(row) }));
}
