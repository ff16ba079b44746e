import {
  type Direction,
  directionOf,
  endKey,
  endsOf,
  type FlowEnd,
  isReplyForGood,
  isShownByPairs,
  leastPorts,
  type OpenFlow,
  type Opposites,
  oppositesOf,
  type Shown,
} from './open-flow.js';
import type { NewDirection, OpenFlowStore, StoredOpenFlow } from './open-flow.store.js';

/** What becomes of open flows once all that is known has been asked. */
export type SettledDirections = {
  /** Of the batch: who asked whom. */
  readonly directions: ReadonlyMap<string, Direction>;
  /** Replies for good: nothing of them is kept. Of those the stored ones. */
  readonly replies: ReadonlySet<string>;
  readonly gone: readonly string[];
  /** Flows of the batch that are taken for replies so far. */
  readonly aside: ReadonlySet<string>;
  /** Stored flows that are taken for replies now, and those that are none any more. */
  readonly toAside: readonly string[];
  readonly back: readonly string[];
  /** Stored flows in the lists of which something else is known now. */
  readonly changed: readonly NewDirection[];
};

export const NOTHING_SETTLED: SettledDirections = {
  directions: new Map(),
  replies: new Set(),
  gone: [],
  aside: new Set(),
  toAside: [],
  back: [],
  changed: [],
};

const joined = (one: OpenFlow, other: OpenFlow): OpenFlow => ({
  ...one,
  sourcePorts: leastPorts([...one.sourcePorts, ...other.sourcePorts]),
  hints: one.hints | other.hints,
});

/** Each flow once, with all that is known of it. */
function together(flows: readonly OpenFlow[]): Map<string, OpenFlow> {
  const all = new Map<string, OpenFlow>();
  for (const flow of flows) {
    const known = all.get(flow.id);
    all.set(flow.id, known === undefined ? flow : joined(known, flow));
  }
  return all;
}

const distinct = (ends: readonly FlowEnd[]): readonly FlowEnd[] => [
  ...new Map(ends.map(end => [endKey(end), end])).values(),
];

type Asking = {
  readonly store: OpenFlowStore;
  readonly clusterId: number;
  /** Flows that are open no more. */
  readonly proven: ReadonlySet<string>;
};

const openAt =
  (store: OpenFlowStore, proven: ReadonlySet<string>): OpenFlowStore['at'] =>
  async (clusterId, ends) =>
    (await store.at(clusterId, ends)).filter(({ id }) => !proven.has(id));

/** Those of the ends that many others are seen with listen, too. */
async function learnByPairs(
  { store, clusterId }: Asking,
  ends: readonly FlowEnd[],
  listening: Set<string>,
  opposites: Opposites,
): Promise<void> {
  const shown = ends.filter(end => {
    const key = endKey(end);
    return !listening.has(key) && isShownByPairs(end, opposites.get(key) ?? new Map());
  });
  if (shown.length === 0) return;
  await store.learn(clusterId, shown);
  for (const end of shown) listening.add(endKey(end));
}

type Flows = ReadonlyMap<string, OpenFlow>;

type Found = {
  /** Stored ones that have an end in common with the batch, or with what it has changed. */
  readonly stored: readonly StoredOpenFlow[];
  /** These and the batch's. */
  readonly flows: Flows;
  readonly shown: Shown;
  readonly replies: ReadonlySet<string>;
};

/** What is known of the flows at these ends. Replies for good say nothing of anybody: in another cut they are not stored. */
async function look(
  asking: Asking,
  touched: readonly FlowEnd[],
  open: readonly OpenFlow[],
): Promise<Found> {
  const { clusterId, proven } = asking;
  const store = { ...asking.store, at: openAt(asking.store, proven) };
  const stored = await store.at(clusterId, touched);
  const flows = together([...stored, ...open]);
  const ends = distinct([...flows.values()].flatMap(endsOf));
  const known = new Set(touched.map(endKey));
  const others = ends.filter(end => !known.has(endKey(end)));
  const around = others.length === 0 ? [] : await store.at(clusterId, others);
  const all = together([...flows.values(), ...around]);
  const listening = new Set((await store.listening(clusterId, ends)).map(endKey));
  await learnByPairs(asking, touched, listening, oppositesOf(all.values()));
  const listens = (end: FlowEnd): boolean => listening.has(endKey(end));
  const isForGood = (flow: OpenFlow): boolean => isReplyForGood(flow, { listens });
  const counted = [...all.values()].filter(flow => !isForGood(flow));
  return {
    stored,
    flows,
    shown: { listens, opposites: oppositesOf(counted) },
    replies: new Set([...flows.values()].filter(isForGood).map(({ id }) => id)),
  };
}

/** Looks again where replies for good were stored: what they made believe of others does not count any more. */
async function lookAround(
  asking: Asking,
  touched: readonly FlowEnd[],
  open: readonly OpenFlow[],
): Promise<Found> {
  const found = await look(asking, touched, open);
  const gone = found.stored.filter(({ id }) => found.replies.has(id));
  if (gone.length === 0) return found;
  return look(asking, distinct([...touched, ...gone.flatMap(endsOf)]), open);
}

const isOther = ({ isKnown, basis }: StoredOpenFlow, now: Direction): boolean =>
  isKnown !== (now.isReply !== null) || basis !== now.basis;

/** A batch, as far as it tells who asks whom. */
export type Batch = {
  /** Flows that prove nothing themselves. */
  readonly open: readonly OpenFlow[];
  /** The ids of all others. */
  readonly proven: readonly string[];
  /** Ends that listen, and were not known to. */
  readonly learned: readonly FlowEnd[];
};

/**
 * Says of flows that prove nothing themselves who asked whom: those of the batch, and those that are stored and have an
 * end in common with it, or with an end that was seen to listen now. The cluster's flows are locked.
 */
export async function settleDirections(
  store: OpenFlowStore,
  clusterId: number,
  batch: Batch,
): Promise<SettledDirections> {
  const before = new Set(
    await store.proven(
      clusterId,
      batch.open.map(({ id }) => id),
    ),
  );
  const open = batch.open.filter(({ id }) => !before.has(id));
  const closed = batch.proven.length === 0 ? [] : await store.open(clusterId, batch.proven);
  const touched = distinct([...open, ...closed].flatMap(endsOf).concat(batch.learned));
  if (touched.length === 0) return NOTHING_SETTLED;
  const proven = new Set(closed.map(({ id }) => id));
  const asking = { store, clusterId, proven };
  const { stored, flows, shown, replies } = await lookAround(asking, touched, open);
  const directions = new Map([...flows].map(([id, flow]) => [id, directionOf(flow, shown)]));
  const isReply = (id: string): boolean => directions.get(id)?.isReply === true;
  const kept = stored.filter(({ id }) => !replies.has(id));
  return {
    directions,
    replies,
    gone: stored.map(({ id }) => id).filter(id => replies.has(id)),
    aside: new Set(open.map(({ id }) => id).filter(id => isReply(id) && !replies.has(id))),
    toAside: kept.filter(({ id, isAside }) => !isAside && isReply(id)).map(({ id }) => id),
    back: kept.filter(({ id, isAside }) => isAside && !isReply(id)).map(({ id }) => id),
    changed: kept.flatMap(flow => {
      const now = directions.get(flow.id);
      if (now === undefined || now.isReply === true || !isOther(flow, now)) return [];
      return [{ id: flow.id, isKnown: now.isReply !== null, basis: now.basis }];
    }),
  };
}
