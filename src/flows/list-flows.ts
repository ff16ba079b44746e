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
export function flowRequest(listing: FlowListing, now: Date): FlowRequest {
  const { filter, orderBy } = listing;
  const window = windowOf(filter, now);
  return {
    condition: flowCondition(filter, now),
    window,
    request: pageRequest(listing, flowOrder(orderBy, window)),
  };
}

/** One page of the flows that the caller sees: one statement, and one more when they are counted. */
export async function listFlows(
  flows: Pick<FlowPageStore, 'page' | 'count'>,
  listing: FlowListing,
  now: Date,
): Promise<Page<FlowNode>> {
  const { condition, window, request } = flowRequest(listing, now);
  const rows = await flows.page(condition, window, request);
  const count = async () => totalCountOf(await flows.count(condition));
  return mapPage(pageOf(request, rows, count), flowNode);
}
