import type { WindowFlow } from '../flows/flow-window.store.js';
import { dateTimeOf } from '../query/date-time.js';
import { type Baseline, unlearnable } from './baseline.js';
import type { Hour, Maturity, OwnHour } from './maturity.js';
import type { Span } from './pattern.js';

const HOUR_MS = 3_600_000;

export const hourOf = (time: string): Hour => Math.floor(Date.parse(time) / HOUR_MS);
const timeOfHour = (hour: Hour): string => dateTimeOf(new Date(hour * HOUR_MS));

/** Events by hour: those of a day at its start, or where the flow began in it. */
function eventsOf({ firstSeenAt, days, dayEvents }: WindowFlow): readonly OwnHour[] {
  const first = hourOf(firstSeenAt);
  return days.map((day, place) => ({
    hour: Math.max(first, hourOf(`${day}T00:00:00Z`)),
    fresh: 0,
    events: Number(dayEvents[place] ?? 0),
  }));
}

const hoursOf = (flow: WindowFlow): readonly OwnHour[] => [
  { hour: hourOf(flow.firstSeenAt), fresh: 1, events: 0 },
  ...eventsOf(flow),
];

function summed(hours: readonly OwnHour[]): readonly OwnHour[] {
  const sums = new Map<Hour, OwnHour>();
  for (const { hour, fresh, events } of hours) {
    const known = sums.get(hour);
    sums.set(hour, {
      hour,
      fresh: fresh + (known?.fresh ?? 0),
      events: events + (known?.events ?? 0),
    });
  }
  return [...sums.values()].toSorted((one, other) => one.hour - other.hour);
}

/** What the flows of a window show of each deployment, of what can be learned, by deployment id. */
export function ownHours(
  flows: readonly WindowFlow[],
  deployments: ReadonlySet<string>,
): ReadonlyMap<string, readonly OwnHour[]> {
  const hours = new Map<string, OwnHour[]>([...deployments].map(id => [id, []]));
  for (const flow of flows) {
    if (unlearnable(flow) !== null) continue;
    for (const end of new Set([flow.sourceId, flow.destinationId]))
      hours.get(end)?.push(...hoursOf(flow));
  }
  return new Map([...hours].map(([id, own]) => [id, summed(own)]));
}

/** Over what time each deployment was watched, by deployment id; none that was not seen. */
export const spansOf = (
  own: ReadonlyMap<string, readonly OwnHour[]>,
  maturity: ReadonlyMap<string, Pick<Maturity, 'coveredHours'>>,
): ReadonlyMap<string, Span> =>
  new Map(
    [...own].flatMap(([id, [first]]) =>
      first === undefined
        ? []
        : [
            [
              id,
              {
                first: timeOfHour(first.hour),
                coveredHours: maturity.get(id)?.coveredHours ?? 0,
              },
            ] as const,
          ],
    ),
  );

/** How far a baseline is, as it is stored. */
export const maturityColumns = ({
  coveredHours,
  quietHours,
  events,
  lastNew,
  stableSince,
}: Maturity): Pick<
  Baseline,
  'coveredHours' | 'quietHours' | 'events' | 'lastNewAt' | 'stableSince'
> => ({
  coveredHours,
  quietHours,
  events: Number.isSafeInteger(events) ? String(events) : String(Number.MAX_SAFE_INTEGER),
  lastNewAt: lastNew === null ? null : timeOfHour(lastNew),
  stableSince: stableSince === null ? null : timeOfHour(stableSince),
});
