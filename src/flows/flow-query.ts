import type { OrderDirection } from '../query/keyset.js';
import type { PageRequest } from '../query/page.js';
import type { FlowPath } from './flow-order.js';
import type { FlowSelection } from './flow-selection.js';

/** What a page is asked for. */
export type FlowQuery = {
  readonly selection: FlowSelection;
  readonly path: FlowPath;
  readonly request: PageRequest;
};

const flipped = (direction: OrderDirection): OrderDirection =>
  direction === 'ASC' ? 'DESC' : 'ASC';

/** The direction in which a page is read. */
export const directionOf = ({ order, backward }: PageRequest): OrderDirection => {
  const direction = order[0]?.direction ?? 'ASC';
  return backward ? flipped(direction) : direction;
};

/** The rank of a flow `f` by a number, as the indexes have it. */
export const rankOf = (number: string): string => `flow_rank(${number}, f.id)`;
