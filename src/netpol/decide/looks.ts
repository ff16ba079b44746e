import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { Direction } from '../policy.js';
import { listOf, readingOf } from './side.js';

/** What policies can see of a class, as a text: those that select it, its named ports, its network, and the selectors of peers that mean it. */
export function looksOf(
  compiled: Compiled,
  asked: ReadonlySet<PodClass>,
): (podClass: PodClass | undefined) => string {
  const reading = readingOf(compiled);
  const selectedBy = new Map([...asked].map(({ id }) => [id, [] as number[]]));
  const rules = compiled.engine.policies.flatMap(({ rules: { INGRESS, EGRESS } }) => [
    ...(INGRESS ?? []),
    ...(EGRESS ?? []),
  ]);
  for (const [place, { classes }] of rules.flatMap(({ pods }) => pods).entries()) {
    for (const id of classes) selectedBy.get(id)?.push(place);
  }
  const usesNames = rules.some(({ named }) => named.length > 0);
  return podClass => {
    if (podClass === undefined) return '';
    const lists = [Direction.INGRESS, Direction.EGRESS].map(direction =>
      listOf(compiled, direction, podClass, reading),
    );
    const ports = usesNames ? podClass.profile.id : null;
    return JSON.stringify([lists, ports, podClass.hostNetwork, selectedBy.get(podClass.id)]);
  };
}
