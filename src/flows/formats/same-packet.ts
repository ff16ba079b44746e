import { SECOND } from '../time.js';

/** One sight of a packet. `tuple` names its ends, ports, protocol and verdict. */
export type Sight = {
  readonly tuple: string;
  readonly time: number;
  /** Where it was seen: a point in the dataplane, or a kind of event and its direction. */
  readonly point: string;
  /** True for a record that shows the start of a connection. */
  readonly isStart: boolean;
};

export type Counted = { readonly events: 0 | 1; readonly connections: 1 | null };

type Conversation = {
  startedAt: number;
  /** Sights within the window at the first point, and at others: most conversations have one point. */
  first: string;
  count: number;
  others: Map<string, number> | null;
  most: number;
  connectedAt: number;
};

/** Sights of one packet at two points or two nodes are this close; clocks of nodes differ by less. */
const WINDOW = 2 * SECOND;
/** Linux holds a closed connection's ports for 60 s (`TCP_TIMEWAIT_LEN`): the same ports are the same connection. */
const REUSE = 60 * SECOND;
/** Conversations remembered: two generations of so many. */
const GENERATION = 30_000;

export type SamePacket = {
  young: Map<string, Conversation>;
  old: Map<string, Conversation>;
};

export const newSamePacket = (): SamePacket => ({ young: new Map(), old: new Map() });

const newConversation = (time: number): Conversation => ({
  startedAt: time,
  first: '',
  count: 0,
  others: null,
  most: 0,
  connectedAt: Number.NEGATIVE_INFINITY,
});

const conversationOf = (state: SamePacket, tuple: string, time: number): Conversation => {
  const known = state.young.get(tuple);
  if (known !== undefined) return known;
  if (state.young.size >= GENERATION) {
    state.old = state.young;
    state.young = new Map();
  }
  const conversation = state.old.get(tuple) ?? newConversation(time);
  state.young.set(tuple, conversation);
  return conversation;
};

const countSight = (conversation: Conversation, point: string): number => {
  if (conversation.count === 0) conversation.first = point;
  if (conversation.first === point) return ++conversation.count;
  conversation.others ??= new Map();
  const count = (conversation.others.get(point) ?? 0) + 1;
  conversation.others.set(point, count);
  return count;
};

const startWindow = (conversation: Conversation, time: number): void => {
  conversation.startedAt = time;
  conversation.count = 0;
  conversation.others = null;
  conversation.most = 0;
};

const isWithin = (one: number, other: number, span: number): boolean =>
  Math.abs(one - other) < span;

/**
 * Counts packets where records count sights: one packet is seen at up to four points. Within a window
 * a conversation has as many events as its busiest point has sights, and one connection. The sum does
 * not depend on the order of the records.
 */
export const countPacket = (state: SamePacket, { tuple, time, point, isStart }: Sight): Counted => {
  const conversation = conversationOf(state, tuple, time);
  if (!isWithin(time, conversation.startedAt, WINDOW)) startWindow(conversation, time);
  const count = countSight(conversation, point);
  const events = count > conversation.most ? 1 : 0;
  conversation.most = Math.max(conversation.most, count);
  const isFresh = isStart && !isWithin(time, conversation.connectedAt, REUSE);
  if (isFresh) conversation.connectedAt = time;
  return { events, connections: isFresh ? 1 : null };
};
