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

/** "The first replica in the input speaks for its owner." In the order of the input. */
export const workloadsOf = ({ engine }: Compiled): readonly Workload[] =>
  kept(engine, 'workloads', () => {
    const found = new Map<string, Workload>();
    for (const [pod, { namespace, workload }] of engine.index.facts.pods.entries()) {
      const key = `${namespace}/${workload.name}[${workload.kind}]`;
      const podClass = engine.index.classes[engine.index.classOf[pod] ?? -1];
      if (found.has(key) || podClass === undefined) continue;
      const { name, kind } = workload;
      found.set(key, {
        peer: { kind: 'workload', namespace, name, workloadKind: kind },
        podClass,
        pod,
      });
    }
    return [...found.values()];
  });

/** The workloads of each class, by places in `workloadsOf`. */
const workloadsByClass = (compiled: Compiled): readonly (readonly number[])[] =>
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
