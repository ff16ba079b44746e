import type { PodFact } from '../facts.js';
import type { Place } from '../problem.js';

/** An object of the input that a remark is about, which is no policy. */
export type Named = {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
};

/** Where objects stand in the input; null for one that does not. */
export type Places = (object: Named) => Place | null;

/** The object that a pod was read from: its key tells a template's kind. */
export const ofPod = ({ key, namespace, name }: PodFact): Named => ({
  kind: /\[([^\]]+)\](?:#\d+)?$/.exec(key)?.[1] ?? 'Pod',
  namespace,
  name,
});

/** A namespace stands where its object does, or, without one, where the first of its pods does. */
export const ofNamespace = (name: string, pods: readonly PodFact[]): readonly Named[] => [
  { kind: 'Namespace', namespace: null, name },
  ...pods.slice(0, 1).map(ofPod),
];
