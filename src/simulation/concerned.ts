import { type Facts, formatMapPeer } from '../netpol/index.js';
import type { ConnectivityChange } from './simulation.js';

/** A workload's text without its label set. */
const ofWorkload = (text: string): string => text.split('{', 1)[0] ?? '';

/**
 * Ids of the deployments for which something changes, sorted.
 * @param ends of the flows for which something changes; some are no deployments
 */
export function concernedBy(
  { pods }: Facts,
  ends: ReadonlySet<string>,
  changes: readonly ConnectivityChange[],
): readonly string[] {
  const texts = new Set(
    changes.flatMap(({ source, destination }) => [ofWorkload(source), ofWorkload(destination)]),
  );
  const isConcerned = ({ key, namespace, workload: { kind, name } }: Facts['pods'][number]) =>
    ends.has(key) ||
    texts.has(formatMapPeer({ kind: 'workload', namespace, name, workloadKind: kind }));
  const concerned = pods.filter(pod => pod.memberOf === undefined && isConcerned(pod));
  return concerned.map(({ key }) => key).toSorted();
}
