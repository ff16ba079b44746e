import { randomUUID } from 'node:crypto';
import { AlertSeverity } from '../alerts/alert.js';
import { counted } from '../netpol/index.js';
import type { Claimed, Due } from './notification.store.js';
import type { Told } from './notifier.js';

/** A message, and the alerts that it tells of. */
export type Planned = { readonly id: string; readonly dues: readonly Due[] };

/** Of a notifier that sends digests: so many messages in five minutes, and the rest goes into one. */
export const BURST = 3;

/** How many messages a notifier may send now. */
export function roomFor({
  digest,
  maxPerHour,
  sentInHour,
  sentInFiveMinutes,
}: Pick<Claimed, 'digest' | 'maxPerHour' | 'sentInHour' | 'sentInFiveMinutes'>): number {
  const ofHour = maxPerHour === null ? Number.POSITIVE_INFINITY : maxPerHour - sentInHour;
  const ofBurst = digest ? BURST - sentInFiveMinutes : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(ofHour, ofBurst));
}

/**
 * Messages of what is due, in order. What was begun before is sent again as it was. What does not fit into the room goes into
 * one digest, or waits.
 */
export function planMessages(
  due: readonly Due[],
  { digest, room }: { readonly digest: boolean; readonly room: number },
): readonly Planned[] {
  const begun = Map.groupBy(
    due.filter(one => one.messageId !== null),
    one => one.messageId ?? '',
  );
  const again = [...begun].map(([id, dues]) => ({ id, dues }));
  const fresh = due.filter(one => one.messageId === null);
  const left = Math.max(0, room - again.length);
  const alone = (dues: readonly Due[]) => dues.map(one => ({ id: one.id, dues: [one] }));
  if (!digest || fresh.length <= left) return [...again, ...alone(fresh.slice(0, left))];
  return left === 0 ? again : [...again, { id: randomUUID(), dues: fresh }];
}

const MOST_LINES = 10;
const LONGEST_LINE = 250;
const SEVERITIES: readonly string[] = Object.values(AlertSeverity);
const weight = ({ severity }: Told): number => SEVERITIES.indexOf(severity);

/** What one message is told of many alerts: how many, and the ten worst. */
function digestOf(id: string, all: readonly Told[]): Told | null {
  const worst = all.toSorted((one, other) => weight(other) - weight(one));
  const [first] = worst;
  if (first === undefined) return null;
  const opened = all.filter(({ kind }) => kind === 'OPENED').length;
  const lines = worst
    .slice(0, MOST_LINES)
    .map(({ kind, severity, rule, cluster, message }) =>
      `${kind === 'RESOLVED' ? 'resolved: ' : ''}${severity} ${rule} in ${cluster}: ${message}`.slice(
        0,
        LONGEST_LINE,
      ),
    );
  const more = all.length - lines.length;
  const clusters = [...new Set(all.map(({ cluster }) => cluster))].toSorted();
  return {
    ...first,
    id,
    kind: 'DIGEST',
    alertId: id,
    cluster: clusters.join(', '),
    namespace: '',
    deployment: '',
    subject: clusters.join(', '),
    rule: 'DIGEST',
    state: '',
    title: `${counted(opened, 'alert')} opened, ${all.length - opened} resolved; the worst is ${first.severity}`,
    message: [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    occurrences: `${all.reduce((sum, { occurrences }) => sum + BigInt(occurrences), 0n)}`,
    firstOccurredAt: all.map(one => one.firstOccurredAt).toSorted()[0] ?? first.firstOccurredAt,
    lastOccurredAt:
      all
        .map(one => one.lastOccurredAt)
        .toSorted()
        .at(-1) ?? first.lastOccurredAt,
    resolution: null,
    again: all.some(({ again }) => again),
    ref: null,
  };
}

/** What the target is told; null: nothing. */
export function toldOf({ id, dues }: Planned): Told | null {
  const [first, ...others] = dues;
  if (first === undefined) return null;
  return others.length === 0
    ? { ...first.told, id }
    : digestOf(
        id,
        dues.map(({ told }) => told),
      );
}
