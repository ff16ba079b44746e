import {
  compile,
  type Facts,
  type ObservedFlow,
  type PodFact,
  type Policy,
  privilegeScores,
  withTwins,
} from '../netpol/index.js';
import type { Proof } from './proof.js';

/** How little a deployment, or all of a namespace (on average), may beyond what it does: 0 to 1. */
export type Score = {
  readonly namespace: string;
  /** Null: of the namespace. */
  readonly deployment: string | null;
  readonly before: number;
  readonly after: number;
  /** The same of each way alone. */
  readonly ingressBefore: number;
  readonly ingressAfter: number;
  readonly egressBefore: number;
  readonly egressAfter: number;
};

const SHARES = [
  'before',
  'after',
  'ingressBefore',
  'ingressAfter',
  'egressBefore',
  'egressAfter',
] as const;

type Shares = Pick<Score, (typeof SHARES)[number]>;

const average = (values: readonly number[]): number =>
  Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 100) / 100;

const averages = (own: readonly Score[]): Shares =>
  Object.fromEntries(SHARES.map(share => [share, average(own.map(one => one[share]))])) as Shares;

function withNamespaces(scores: readonly Score[]): readonly Score[] {
  return [...Map.groupBy(scores, ({ namespace }) => namespace)].flatMap(([namespace, own]) => [
    {
      namespace,
      deployment: null,
      ...averages(own),
    },
    ...own,
  ]);
}

/** Under the policies in force, and as it will be: `proof.compiled`. */
export function scoresOf(
  known: {
    readonly facts: Facts;
    readonly subjects: readonly PodFact[];
    readonly flows: readonly ObservedFlow[];
  },
  live: readonly Policy[],
  { compiled }: Pick<Proof, 'compiled'>,
): readonly Score[] {
  const states = { before: compile(withTwins(known.facts), live), after: compiled };
  const keys = known.subjects.map(({ key }) => key);
  const pods = new Map(known.subjects.map(pod => [pod.key, pod]));
  const scores = privilegeScores({ facts: known.facts, subjects: keys }, states, known.flows);
  return withNamespaces(
    scores
      .map(({ key, before, after, ingress, egress }) => ({
        namespace: pods.get(key)?.namespace ?? '',
        deployment: pods.get(key)?.workload.name ?? '',
        before,
        after,
        ingressBefore: ingress.before,
        ingressAfter: ingress.after,
        egressBefore: egress.before,
        egressAfter: egress.after,
      }))
      .toSorted((one, other) =>
        `${one.namespace}/${one.deployment}` < `${other.namespace}/${other.deployment}` ? -1 : 1,
      ),
  );
}
