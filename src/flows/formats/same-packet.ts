import { hourOf, SECOND } from '../time.js';

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

/** What was seen of a tuple in an hour. */
type Conversation = {
  /** Sights at the first point, and at others: most conversations have one point. */
  first: string;
  count: number;
  others: Map<string, number> | null;
  most: number;
  /** In which starts were seen. */
  minutes: number[];
};

/** Linux holds a closed connection's ports for 60 s (`TCP_TIMEWAIT_LEN`): the same ports are the same connection. */
const MINUTE = 60 * SECOND;
/** Conversations remembered: two generations of so many. */
const GENERATION = 30_000;

export type SamePacket = {
  young: Map<string, Conversation>;
  old: Map<string, Conversation>;
};

export const newSamePacket = (): SamePacket => ({ young: new Map(), old: new Map() });

const newConversation = (): Conversation => ({
  first: '',
  count: 0,
  others: null,
  most: 0,
  minutes: [],
});

const conversationOf = (state: SamePacket, key: string): Conversation => {
  const known = state.young.get(key);
  if (known !== undefined) return known;
  if (state.young.size >= GENERATION) {
    state.old = state.young;
    state.young = new Map();
  }
  const conversation = state.old.get(key) ?? newConversation();
  state.young.set(key, conversation);
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

const isFirstOf = ({ minutes }: Conversation, minute: number): boolean => {
  if (minutes.includes(minute)) return false;
  minutes.push(minute);
  return true;
};

/**
 * Counts packets where records count sights: one packet is seen at up to four points. In an hour a conversation has as
 * many events as its busiest point has sights, and a connection for each minute in which it starts. The sums do not
 * depend on the order of the records.
 */
export const countPacket = (state: SamePacket, { tuple, time, point, isStart }: Sight): Counted => {
  const conversation = conversationOf(state, `${hourOf(time)} ${tuple}`);
  const count = countSight(conversation, point);
  const events = count > conversation.most ? 1 : 0;
  conversation.most = Math.max(conversation.most, count);
  const isFresh = isStart && isFirstOf(conversation, Math.floor(time / MINUTE));
  return { events, connections: isFresh ? 1 : null };
};
