import type { Compiled } from '../compile/compiled.js';
import { NO_POLICIES } from '../compile/policy-lists.js';
import { Direction } from '../policy.js';
import { listOf, readingOf } from './side.js';

/** Whether some policy of any tier selects a pod, in each direction: `governed` of the halves of its decisions. */
export type Isolation = { readonly ingress: boolean; readonly egress: boolean };

/**
 * The isolation of every pod of the facts, by its key, in the order of the facts. Read from the lists that `compile` made:
 * one look at each pod. Of several pods with one key the first counts, as for endpoints.
 */
export function isolationOf(compiled: Compiled): ReadonlyMap<string, Isolation> {
  const { classes, classOf, facts } = compiled.engine.index;
  const reading = readingOf(compiled);
  const ofClass = classes.map(podClass => {
    const governs = (direction: Direction): boolean =>
      listOf(compiled, direction, podClass, reading) !== NO_POLICIES;
    return { ingress: governs(Direction.INGRESS), egress: governs(Direction.EGRESS) };
  });
  const found = new Map<string, Isolation>();
  for (const [place, { key }] of facts.pods.entries()) {
    const isolation = ofClass[classOf[place] ?? -1];
    if (isolation !== undefined && !found.has(key)) found.set(key, isolation);
  }
  return found;
}
