import { type Compiled, ofFacts } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { setNames } from '../decide/label-sets.js';
import type { Row } from '../rows/row.js';
import type { MapPeer } from './map-peer.js';

export type Workload = {
  readonly peer: Extract<MapPeer, { kind: 'workload' }>;
  readonly podClass: PodClass;
  /** Place in the facts of the pod that speaks for it. */
  readonly pod: number;
};

/** True for the first of each three texts; without joining them, since there is one question for each pod. */
function firstOfEach() {
  const seen = new Map<string, Map<string, string[]>>();
  return (namespace: string, name: string, kind: string): boolean => {
    const there = seen.get(namespace) ?? new Map<string, string[]>();
    seen.set(namespace, there);
    const kinds = there.get(name);
    if (kinds?.includes(kind) === true) return false;
    if (kinds === undefined) there.set(name, [kind]);
    else kinds.push(kind);
    return true;
  };
}

const workloadsOfFacts = ofFacts((engine): readonly Workload[] => {
  const { classes, classOf, facts } = engine.index;
  const setNameAt = setNames({ engine });
  const found: Workload[] = [];
  const isFirst = firstOfEach();
  for (const [pod, { namespace, workload }] of facts.pods.entries()) {
    const { name, kind } = workload;
    const podClass = classes[classOf[pod] ?? -1];
    if (podClass === undefined) continue;
    const labelSet = setNameAt(pod);
    const own = labelSet === null ? name : `${name}{${labelSet}}`;
    if (!isFirst(namespace, own, kind)) continue;
    const workloadPeer = { kind: 'workload', namespace, name, workloadKind: kind } as const;
    found.push({
      peer: labelSet === null ? workloadPeer : { ...workloadPeer, labelSet },
      podClass,
      pod,
    });
  }
  return found;
});

type Kept = Pick<Compiled, 'engine'>;

/** Row 41: the first pod in the input speaks for its owner, or for each of its label sets (row 45). In the order of the input. */
export const workloadsOf = ({ engine }: Kept): readonly Workload[] => workloadsOfFacts(engine);

const placesByClass = ofFacts((engine): readonly (readonly number[])[] => {
  const byClass: number[][] = engine.index.classes.map(() => []);
  for (const [place, { podClass }] of workloadsOfFacts(engine).entries()) {
    byClass[podClass.id]?.push(place);
  }
  return byClass;
});

/** The workloads of each class, by places in `workloadsOf`. */
export const workloadsByClass = ({ engine }: Kept): readonly (readonly number[])[] =>
  placesByClass(engine);

/** Workloads that some rule of a row tells from the rest, and hostNetwork ones, which no row holds. */
export function namedBy(compiled: Compiled, { touched }: Row): readonly number[] {
  const byClass = workloadsByClass(compiled);
  return [...touched, ...compiled.engine.index.hosts].flatMap(id => byClass[id] ?? []);
}
