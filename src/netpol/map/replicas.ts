import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { looksOf } from '../decide/looks.js';
import type { PodFact } from '../facts.js';
import { workloadNameOf } from '../peers/workload-name.js';
import { type Problem, Severity } from '../problem.js';

const nameOf = ({ namespace, name }: PodFact): string => `${namespace}/${name}`;

const warning = (speaker: PodFact, other: PodFact): Problem => ({
  code: 'REPLICAS_DIFFER',
  severity: Severity.WARNING,
  message: `\`${nameOf(speaker)}\` speaks for all pods of \`${workloadNameOf(speaker)}\`, but policies treat \`${nameOf(other)}\` otherwise`,
  path: null,
  place: null,
  hint: 'give pods of one owner equal labels and ports, or ask `netpol explain` for each of them',
});

/** Owners whose other pods policies tell from the first in the input, which speaks for them (row 41). */
export function replicaWarnings(compiled: Compiled): readonly Problem[] {
  const { classes, classOf, facts } = compiled.engine.index;
  const ofPod = (pod: number): PodClass | undefined => classes[classOf[pod] ?? -1];
  const groups = [...Map.groupBy(facts.pods.keys(), pod => keyOf(facts.pods[pod])).values()].filter(
    pods => new Set(pods.map(pod => classOf[pod])).size > 1,
  );
  if (groups.length === 0) return [];
  const lookOf = looksOf(compiled, new Set(groups.flat().flatMap(pod => ofPod(pod) ?? [])));
  return groups.flatMap(([first = -1, ...others]) => {
    const look = lookOf(ofPod(first));
    const other = others.find(pod => lookOf(ofPod(pod)) !== look);
    const [speaker, apart] = [facts.pods[first], facts.pods[other ?? -1]];
    return speaker === undefined || apart === undefined ? [] : [warning(speaker, apart)];
  });
}

const keyOf = (pod: PodFact | undefined): string => (pod === undefined ? '' : workloadNameOf(pod));
