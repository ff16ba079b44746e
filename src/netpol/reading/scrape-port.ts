import { isJsonObject } from './objects.js';

/** `prometheus.io/scrape: "true"`: the port that `prometheus.io/port` names, 0 where it names none; undefined: no scraping. */
export function scrapePortOf(metadata: unknown): number | undefined {
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : null;
  if (!isJsonObject(annotations) || annotations['prometheus.io/scrape'] !== 'true')
    return undefined;
  const port = Number(annotations['prometheus.io/port'] ?? 0);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}
