import type { PodFact } from '../facts.js';
import type { Labels } from '../labels.js';

/** Whether a Service's selector takes a pod; one that is null or empty takes none. */
export const selectsPod = (selector: Labels | null, { labels }: Pick<PodFact, 'labels'>): boolean =>
  selector !== null &&
  Object.keys(selector).length > 0 &&
  Object.entries(selector).every(([key, value]) => labels[key] === value);
