import { LONGEST_WINDOW_HOURS } from '../ingest/observed-edges.js';
import type { Observation } from '../observation.js';
import { HOUR, hourOf } from '../time.js';

/** An hour that a record shows something of, with the first and the last of what it shows; microseconds. */
export type SeenHour = {
  readonly hour: number;
  readonly first: number;
  readonly last: number;
};

/** The hours that observations lie in, each once; a record of a window shows each of its hours. */
export function seenHours(
  observations: readonly Pick<Observation, 'firstSeen' | 'lastSeen'>[],
): readonly SeenHour[] {
  const hours = new Map<number, SeenHour>();
  for (const { firstSeen, lastSeen } of observations) {
    const end = Math.min(lastSeen, firstSeen + LONGEST_WINDOW_HOURS * HOUR);
    for (let hour = hourOf(firstSeen); hour <= end; hour += HOUR) {
      const first = Math.max(firstSeen, hour);
      const last = Math.min(lastSeen, hour + HOUR - 1);
      const known = hours.get(hour);
      if (known === undefined || first < known.first || last > known.last)
        hours.set(hour, {
          hour,
          first: Math.min(first, known?.first ?? first),
          last: Math.max(last, known?.last ?? last),
        });
    }
  }
  return [...hours.values()];
}
