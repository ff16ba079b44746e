import type { Labels } from '../../inventory/labels.js';
import { type Peer, PeerKind } from '../../inventory/peer.js';
import type { ToldLabels } from '../../inventory/told-label-set.store.js';
import { hourOf, timeText } from '../time.js';
import type { KnownLabels, ToldTimes, ToldTimesOf } from './kept.js';

/** A label set of a deployment, as one transaction is told of it. */
type Told = ToldTimes & { readonly peer: Peer; readonly labels: Labels; readonly text: string };

/** What one transaction is told, by deployment and labels. */
export type Telling = Map<string, Told>;

const TEXTS = new WeakMap<Labels, string>();

/** Labels of inferred deployments are sorted by key. An end of a stream has the same object in all of its chunks. */
function textOf(labels: Labels): string {
  const known = TEXTS.get(labels);
  if (known !== undefined) return known;
  const text = JSON.stringify(labels);
  TEXTS.set(labels, text);
  return text;
}

type Span = { readonly earliest: number; readonly latest: number };

/** Notes the labels that records tell of a deployment that they alone tell of, where that is new. */
export function tell(telling: Telling, known: ToldTimesOf, peer: Peer, span: Span): void {
  const { id, kind, labels } = peer;
  if (kind !== PeerKind.DEPLOYMENT || labels === null) return;
  const text = textOf(labels);
  const lastHour = hourOf(span.latest);
  const stored = known.get(id)?.get(text);
  if (stored !== undefined && stored.first <= span.earliest && stored.lastHour >= lastHour) return;
  const key = `${id} ${text}`;
  const before = telling.get(key) ?? stored ?? { first: span.earliest, lastHour };
  telling.set(key, {
    peer,
    labels,
    text,
    first: Math.min(before.first, span.earliest),
    lastHour: Math.max(before.lastHour, lastHour),
  });
}

export const toldRows = (telling: Telling): readonly ToldLabels[] =>
  [...telling.values()].map(({ peer, labels, first, lastHour }) => ({
    deploymentId: peer.id,
    labels,
    firstSeenAt: timeText(first),
    lastHour: timeText(lastHour),
  }));

/** Keeps what was stored. */
export function keepTold(known: ToldTimesOf, telling: Telling): void {
  for (const { peer, text, first, lastHour } of telling.values()) {
    const sets = known.get(peer.id) ?? new Map<string, ToldTimes>();
    known.set(peer.id, sets.set(text, { first, lastHour }));
  }
}

/** Before everything that can be observed. */
const EVER = { validFrom: '0001-01-01T00:00:00.000000Z', validTo: null } as const;

/** By namespace, as if they were stored. */
export const labelsTold = (telling: Telling): ReadonlyMap<string, readonly KnownLabels[]> =>
  Map.groupBy(
    [...telling.values()].map(({ peer: { id: peerId, name, namespace, ports }, labels }) => ({
      ...EVER,
      peerId,
      namespace: namespace ?? '',
      name,
      labels,
      ports,
      stable: labels,
    })),
    ({ namespace }) => namespace,
  );
