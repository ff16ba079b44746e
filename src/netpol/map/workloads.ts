import { type Compiled, kept } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
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

/** Row 41: the first pod in the input speaks for its owner. In the order of the input. */
export const workloadsOf = ({ engine }: Compiled): readonly Workload[] =>
  kept(engine, 'workloads', () => {
    const { classes, classOf, facts } = engine.index;
    const found: Workload[] = [];
    const isFirst = firstOfEach();
    for (const [pod, { namespace, workload }] of facts.pods.entries()) {
      const { name, kind } = workload;
      const podClass = classes[classOf[pod] ?? -1];
      if (podClass === undefined || !isFirst(namespace, name, kind)) continue;
      found.push({
        peer: { kind: 'workload', namespace, name, workloadKind: kind },
        podClass,
        pod,
      });
    }
    return found;
  });

/** The workloads of each class, by places in `workloadsOf`. */
export const workloadsByClass = (compiled: Compiled): readonly (readonly number[])[] =>
  kept(compiled.engine, 'workloads by class', () => {
    const byClass: number[][] = compiled.engine.index.classes.map(() => []);
    for (const [place, { podClass }] of workloadsOf(compiled).entries()) {
      byClass[podClass.id]?.push(place);
    }
    return byClass;
  });

/** Workloads that some rule of a row tells from the rest, and hostNetwork ones, which no row holds. */
export function namedBy(compiled: Compiled, { touched }: Row): readonly number[] {
  const byClass = workloadsByClass(compiled);
  return [...touched, ...compiled.engine.index.hosts].flatMap(id => byClass[id] ?? []);
}
