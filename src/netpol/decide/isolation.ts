import type { Compiled } from '../compile/compiled.js';
import { NO_POLICIES } from '../compile/policy-lists.js';
import { Direction, type Policy } from '../policy.js';
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

/** The policies of any tier that select a pod, by direction, in the order in which they decide. */
export type Selecting = Readonly<Record<Direction, readonly Policy[]>>;

/** Those of the pods with these keys; of pods that the facts do not have none. */
export function policiesSelecting(
  compiled: Compiled,
  keys: ReadonlySet<string>,
): ReadonlyMap<string, Selecting> {
  const { lists, index } = compiled.engine;
  const reading = readingOf(compiled);
  const found = new Map<string, Selecting>();
  for (const [place, { key }] of index.facts.pods.entries()) {
    const podClass = keys.has(key) && index.classes[index.classOf[place] ?? -1];
    if (!podClass || found.has(key)) continue;
    const of = (direction: Direction): readonly Policy[] =>
      lists[direction]
        .policies(listOf(compiled, direction, podClass, reading))
        .map(({ policy }) => policy);
    found.set(key, { INGRESS: of(Direction.INGRESS), EGRESS: of(Direction.EGRESS) });
  }
  return found;
}
