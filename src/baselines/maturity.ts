import type { BaselineSettings } from './baseline-settings.js';

/** An hour of observation time: hours since 1970. */
export type Hour = number;

/** What an hour showed of a deployment, of what can be learned. */
export type OwnHour = {
  readonly hour: Hour;
  /** Flows that were let through in it for the first time. */
  readonly fresh: number;
  readonly events: number;
};

/** What is known of a deployment's traffic. Both lists ascend, each hour once. */
export type Watched = {
  /** Hours in which anything came of the cluster. */
  readonly covered: readonly Hour[];
  readonly own: readonly OwnHour[];
};

/** How far a baseline is. Hours are covered ones: what nobody saw does not count. */
export type Maturity = {
  /** Since the deployment was first seen. */
  readonly coveredHours: number;
  /** After the last hour in which something new came. */
  readonly quietHours: number;
  readonly events: number;
  /** Start of that hour; null: nothing was seen. */
  readonly lastNew: Hour | null;
  /** From this hour on enough was seen; null: it was not yet. */
  readonly stableSince: Hour | null;
};

type Needs = Pick<BaselineSettings, 'observationHours' | 'quietHours' | 'minEvents'>;

/** Of a deployment that was not seen. */
export const NOTHING_SEEN: Maturity = {
  coveredHours: 0,
  quietHours: 0,
  events: 0,
  lastNew: null,
  stableSince: null,
};

/** What is still to come before a baseline is STABLE; all zero: nothing. */
export type Missing = {
  readonly coveredHours: number;
  readonly quietHours: number;
  readonly events: number;
};

export const missingOf = (
  { coveredHours, quietHours, events }: Pick<Maturity, 'coveredHours' | 'quietHours' | 'events'>,
  needs: Needs,
): Missing => ({
  coveredHours: Math.max(0, needs.observationHours - coveredHours),
  quietHours: Math.max(0, needs.quietHours - quietHours),
  events: Math.max(0, needs.minEvents - events),
});

const isEnough = (at: Maturity, needs: Needs): boolean => {
  const { coveredHours, quietHours, events } = missingOf(at, needs);
  return coveredHours === 0 && quietHours === 0 && events === 0;
};

/** The hours from the first that showed the deployment, each with what it showed. */
function walked({ covered, own }: Watched, start: Hour): readonly OwnHour[] {
  const shown = new Map(own.map(one => [one.hour, one]));
  const hours = new Set([...covered.filter(hour => hour >= start), ...shown.keys()]);
  return [...hours]
    .toSorted((one, other) => one - other)
    .map(hour => shown.get(hour) ?? { hour, fresh: 0, events: 0 });
}

const after = (at: Maturity, { hour, fresh, events }: OwnHour): Maturity => ({
  coveredHours: at.coveredHours + 1,
  quietHours: fresh > 0 ? 0 : at.quietHours + 1,
  events: at.events + events,
  lastNew: fresh > 0 ? hour : at.lastNew,
  stableSince: fresh > 0 ? null : at.stableSince,
});

/**
 * How far a baseline is by what was seen: of that alone, whatever the order in which it came. CLOSED: all that was seen
 * is learned, so that something new ends what was stable. OPEN: learning ends by itself when enough was seen, and what
 * comes later is not learned.
 */
export function maturityOf(watched: Watched, needs: Needs, learning: 'CLOSED' | 'OPEN'): Maturity {
  const [first] = watched.own;
  if (first === undefined) return NOTHING_SEEN;
  let at = NOTHING_SEEN;
  for (const hour of walked(watched, first.hour)) {
    const next = after(at, hour);
    const stays = learning === 'OPEN' && at.stableSince !== null;
    const since = next.stableSince ?? (isEnough(next, needs) ? hour.hour + 1 : null);
    at = stays
      ? { ...next, lastNew: at.lastNew, quietHours: at.quietHours + 1, stableSince: at.stableSince }
      : { ...next, stableSince: since };
  }
  return at;
}
