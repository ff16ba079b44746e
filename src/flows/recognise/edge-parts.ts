import { verdictOfSlot } from '../hour-slot.js';
import type { Resolved } from '../ingest/resolved.js';
import type { OpenEdge } from './open-edge.store.js';
import type { EndInTime } from './resolved-all.js';
import type { CountedTime } from './split-edge.store.js';

export type EndsInTime = {
  readonly edge: OpenEdge;
  readonly source: EndInTime;
  readonly destination: EndInTime;
};

/** Hours of an edge between the same two ends. */
export type EdgePart = {
  readonly slots: readonly number[];
  readonly source: Resolved;
  readonly destination: Resolved;
};

type Span = { readonly start: number; readonly end: number };

/** The beginning of a span and the times within it at which an end may have become another. */
const timesOf = ({ source, destination }: EndsInTime, { start, end }: Span): readonly number[] => [
  start,
  ...new Set([...source.cuts, ...destination.cuts].filter(cut => start < cut && cut < end)),
];

const keyOf = ({ source, destination }: Pick<EdgePart, 'source' | 'destination'>): string => {
  const { port, servicePort } = destination.reached ?? { port: '', servicePort: '' };
  return `${source.id} ${destination.id} ${port} ${servicePort}`;
};

const between = (ends: EndsInTime, span: Span): Omit<EdgePart, 'slots'> => {
  const times = timesOf(ends, span);
  return { source: ends.source.among(times), destination: ends.destination.among(times) };
};

/** The ends where they were the same ones for as long as the edge was seen; null: its hours may tell who they were. */
export function endsOfAll(ends: EndsInTime): Omit<EdgePart, 'slots'> | null {
  const { firstSeen, lastSeen } = ends.edge;
  const times = timesOf(ends, { start: firstSeen, end: lastSeen + 1 });
  const keys = times.map(at =>
    keyOf({ source: ends.source.at(at), destination: ends.destination.at(at) }),
  );
  return new Set(keys).size === 1 ? between(ends, { start: firstSeen, end: firstSeen }) : null;
}

type Block = Span & { readonly slots: readonly number[] };

/** Hours in which records began, each with those in which nothing began after it: its records may have gone on. */
function blocksOf(
  { firstSeen, lastSeen }: OpenEdge,
  times: readonly CountedTime[],
): readonly Block[] {
  const blocks: Block[] = [];
  for (const { slot, start, end, events } of times) {
    const last = blocks.findLastIndex(
      one => verdictOfSlot(one.slots[0] ?? 0) === verdictOfSlot(slot),
    );
    const before = blocks[last];
    if (events === 0 && before?.end === start)
      blocks[last] = { ...before, end, slots: [...before.slots, slot] };
    else blocks.push({ start, end, slots: [slot] });
  }
  return blocks.map(({ start, end, slots }) => ({
    slots,
    start: Math.max(start, firstSeen),
    end: Math.min(end, lastSeen + 1),
  }));
}

/**
 * An edge of which an end was several in turn, by whom it was between: hours that lie wholly within one's time are that one's; of
 * an hour in which an address changed hands nothing tells whose its records were.
 * @param times when the edge was counted, in order
 */
export function partsOf(ends: EndsInTime, times: readonly CountedTime[]): readonly EdgePart[] {
  const parts = new Map<string, EdgePart>();
  for (const { slots, ...span } of blocksOf(ends.edge, times)) {
    const found = between(ends, span);
    const key = keyOf(found);
    const known = parts.get(key);
    parts.set(key, { ...found, slots: [...(known?.slots ?? []), ...slots] });
  }
  return [...parts.values()];
}
