/** A week shows what runs weekly. */
const WHOLE_WEEK = 7;
/** So many events are no accident. */
const MANY_EVENTS = 100;

const share = (value: number): number => Math.min(1, Math.max(0, value));

const rounded = (value: number): number => Math.round(value * 100) / 100;

/**
 * How sure a rule is, from 0 to 1 in hundredths: `(0.7 × min(1, days / 7) + 0.3 × min(1, log10(1 + events) / 2)) × seen`.
 * The days tell whether it is part of a pattern, the events whether it was an accident (99 count in full). `seen` is the
 * share of what happened that the sources showed, 0 to 1.
 * A rule that no flow asked for (DNS, entrances, webhooks) stands on the inventory: 1.
 */
export function confidenceOf(
  evidence: { readonly days: number; readonly events: bigint } | null,
  seen: number,
): number {
  if (evidence === null) return 1;
  const byDays = share(evidence.days / WHOLE_WEEK);
  const byEvents = share(Math.log10(1 + Number(evidence.events)) / Math.log10(MANY_EVENTS));
  return rounded((0.7 * byDays + 0.3 * byEvents) * share(seen));
}
