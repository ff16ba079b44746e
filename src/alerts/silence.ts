/** How long a source of flows has been silent, as it was last looked at. Times are in milliseconds since 1970. */
export type Silence = {
  /** The newest that the source showed. */
  readonly newestAt: number;
  readonly checkedAt: number;
  /** Covered time since it last showed something newer. */
  readonly silentSeconds: number;
  /** How long it usually pauses: the longest pause lately; longer ago it counts less. */
  readonly usualSeconds: number;
  /** How often it showed something newer that was not older than an hour then. */
  readonly arrivals: number;
};

/** The server looks once a minute: of a longer time in which it did not look nothing is known. */
const MOST_COVERED_SECONDS = 120;

/** What a pause counts for after each arrival that follows it: one of hours is forgotten after some dozen. */
const FADES = 0.9;

/** What a source shows is of now, and not of an archive. */
const NOW_MS = 3_600_000;

const first = (newestAt: number, at: number): Silence => ({
  newestAt,
  checkedAt: at,
  silentSeconds: 0,
  usualSeconds: 0,
  arrivals: 0,
});

/**
 * The source looked at once more.
 * @param before null: it was not known
 * @param newestAt the newest that it has shown by now
 */
export function lookedAt(before: Silence | null, newestAt: number, at: number): Silence {
  if (before === null) return first(newestAt, at);
  const passed = Math.min(Math.max(0, (at - before.checkedAt) / 1_000), MOST_COVERED_SECONDS);
  const silentSeconds = before.silentSeconds + passed;
  if (newestAt <= before.newestAt) return { ...before, checkedAt: at, silentSeconds };
  if (newestAt < at - NOW_MS) return { ...first(newestAt, at), usualSeconds: before.usualSeconds };
  return {
    newestAt,
    checkedAt: at,
    silentSeconds: 0,
    usualSeconds: Math.max(silentSeconds, before.usualSeconds * FADES),
    arrivals: before.arrivals + 1,
  };
}

/** So often it must have come before a pause of it says anything. */
const STEADY_FROM = 10;
const TIMES_USUAL = 3;

/** Whether a source that came steadily is silent for so long that somebody should look. */
export const isGap = (
  { silentSeconds, usualSeconds, arrivals }: Silence,
  silentMinutes: number,
): boolean =>
  arrivals >= STEADY_FROM &&
  silentSeconds >= silentMinutes * 60 &&
  silentSeconds >= TIMES_USUAL * usualSeconds;
