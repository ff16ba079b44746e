import type { Reading } from '../../../src/flows/observation.js';

/** Sums of what the observations count; connections stay null where none tells. */
export const foldedCounts = ({ observations }: Reading) => ({
  events: observations.reduce((sum, { events }) => sum + events, 0),
  connections: observations.reduce<number | null>(
    (sum, { connections }) => (connections === null ? sum : (sum ?? 0) + connections),
    null,
  ),
});
