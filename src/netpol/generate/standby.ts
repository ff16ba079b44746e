import type { PodFact } from '../facts.js';
import type { Problem } from '../problem.js';
import { NAMING_KEYS } from './selector.js';
import { enumerated, warning } from './warning.js';

/** The first label that names a workload. */
const namedBy = ({ labels }: PodFact): string | null => {
  const key = NAMING_KEYS.find(each => labels[each] !== undefined);
  return key === undefined ? null : `${key}: ${labels[key]}`;
};

const portsOf = ({ ports }: PodFact): string =>
  ports
    .map(({ protocol, port }) => `${protocol} ${port}`)
    .toSorted()
    .join();

const kindOf = ({ namespace, workload }: PodFact): string => `${namespace}/${workload.kind}`;

const ownName = ({ namespace, workload }: PodFact): string => `${namespace}/${workload.name}`;

/** Releases of one name stand beside each other: the same name, kind and ports. */
const isRelease = (one: PodFact, other: PodFact): boolean =>
  one.key !== other.key &&
  kindOf(one) === kindOf(other) &&
  portsOf(one) !== '' &&
  portsOf(one) === portsOf(other) &&
  namedBy(one) !== null &&
  namedBy(one) === namedBy(other);

/**
 * Silent workloads that look like another release of one which was seen (blue and green, stable and canary): once traffic moves to
 * them, rules that name the other alone block it.
 */
export function standbys(
  silent: readonly PodFact[],
  governed: readonly PodFact[],
): readonly Problem[] {
  return silent.flatMap(pod => {
    const seen = governed.filter(other => isRelease(pod, other)).map(ownName);
    return seen.length === 0
      ? []
      : [
          warning(
            'STANDBY',
            `\`${ownName(pod)}\` was silent and looks like another release of ${enumerated(seen)} (\`${namedBy(pod)}\`, the same ports): rules of peers let in the release that was seen, and block this one once traffic moves to it`,
            'generate again while both are at work, or give rules one label to name that the pods of both have and no others',
          ),
        ];
  });
}
