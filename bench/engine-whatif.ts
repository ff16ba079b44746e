/**
 * Measures: "what would this one change do?": `withChange` of one policy, one pod or the labels of one
 * namespace, and `compareSets` of the state before and after, which answers every pair that is newly
 * allowed or newly blocked. Each round asks of another one, so that nothing it needs was kept from an
 * earlier round.
 * Data: 100,000 pods of 20,000 deployments in 1,000 namespaces, 10,000 policies (`data/cluster.ts`);
 * the changes give a policy's rules another port, a pod another label, a namespace another team.
 * Reference: the same answer from nothing, which compiles the whole changed set and compares. It looks
 * at every pair, of which the full size has 400 million, so it is measured on a twentieth of everything
 * (1,000 deployments), beside the same question asked of a change there: the ratio at full size is
 * higher, since the reference grows with the square of the deployments.
 * `compile` alone at full size is shown for orientation.
 * Goals: under 100 ms; at least 50 times faster than the reference.
 */
import {
  type Change,
  type Compiled,
  compareSets,
  compile,
  type NamespaceFact,
  type PodFact,
  type Policy,
  type Rule,
  withChange,
} from '../src/netpol/index.js';
import { type ClusterSize, clusterOf, engineInput } from './data/cluster.js';
import { memoryNow } from './measure/memory.js';
import { sized } from './measure/options.js';
import { count, cpuOf, milliseconds, report, times, wallOf } from './measure/report.js';
import { median, ratioOf, roundsOf } from './measure/rounds.js';

const SIZE = sized(
  { namespaces: 1_000, deployments: 20_000, replicas: 5, policies: 10_000, seed: 7 },
  { namespaces: 200, deployments: 4_000, replicas: 5, policies: 2_000, seed: 7 },
);

const SMALL = { namespaces: 50, deployments: 1_000, replicas: 5, policies: 500, seed: 7 };

const onAnotherPort = (rules: readonly Rule[] | null): readonly Rule[] | null =>
  rules?.map(rule => ({
    ...rule,
    ports: [{ kind: 'range', protocol: 'TCP', from: 6443, to: 6443 }],
  })) ?? null;

const changed = (policy: Policy): Policy => ({
  ...policy,
  ingress: onAnotherPort(policy.ingress),
  egress: onAnotherPort(policy.egress),
});

/** Places far apart, so that they lie in other namespaces. */
function farApart<Item>(items: readonly Item[]): () => Item {
  let asked = 0;
  return () => items[(asked++ * 7_919) % items.length] as Item;
}

type Scene = {
  readonly size: ClusterSize;
  readonly before: Compiled;
  readonly nextPolicy: () => Policy;
  readonly nextPod: () => PodFact;
  readonly nextNamespace: () => NamespaceFact;
};

function sceneOf(size: ClusterSize): Scene {
  const { facts, policies } = engineInput(clusterOf(size));
  return {
    size,
    before: compile(facts, policies),
    nextPolicy: farApart(
      policies.filter(({ ingress, egress }) => (ingress ?? egress ?? []).length > 0),
    ),
    nextPod: farApart(facts.pods),
    nextNamespace: farApart(facts.namespaces),
  };
}

let pairs = 0;

const asking = (name: string, { before }: Scene, next: () => Change) => ({
  name,
  run: (): Compiled => {
    const after = withChange(before, next());
    pairs += compareSets(before, after).pairs.length;
    return after;
  },
});

const policyChange =
  ({ nextPolicy }: Scene) =>
  (): Change => ({
    policies: { put: [changed(nextPolicy())] },
  });

const podChange =
  ({ nextPod }: Scene) =>
  (): Change => {
    const pod = nextPod();
    return { pods: { put: [{ ...pod, labels: { ...pod.labels, version: 'canary' } }] } };
  };

const namespaceChange =
  ({ nextNamespace }: Scene) =>
  (): Change => {
    const { name, labels } = nextNamespace();
    return { namespaces: { put: [{ name, labels: { ...labels, team: 'team-0' } }] } };
  };

function compileChanged({ before, nextPolicy }: Scene): Compiled {
  const policy = nextPolicy();
  const same = ({ namespace, name }: Policy) =>
    namespace === policy.namespace && name === policy.name;
  const after = before.policies.map(each => (same(each) ? changed(each) : each));
  return compile(before.facts, after);
}

const large = sceneOf(SIZE);
const whatIf = asking('what if', large, policyChange(large));
const first = await roundsOf(whatIf, 1);
const timing = await roundsOf(whatIf, sized(51, 11));
const answered = pairs;
if (answered === 0) throw new Error('no change changed anything');
const [ofPod, ofNamespace] = [
  await roundsOf(asking('pod', large, podChange(large)), sized(21, 5)),
  await roundsOf(asking('namespace', large, namespaceChange(large)), sized(21, 5)),
];
const memory = memoryNow();
const whole = await roundsOf({ name: 'compile', run: () => compileChanged(large) }, sized(5, 3));

const small = sceneOf(SMALL);
const fromNothing = {
  name: 'from nothing',
  run: () => {
    const after = compileChanged(small);
    pairs += compareSets(small.before, after).pairs.length;
    return after;
  },
};
const ofSmall = await roundsOf(asking('small', small, policyChange(small)), sized(51, 11));
const reference = await roundsOf(fromNothing, sized(5, 3));
const ratio = ratioOf(reference, ofSmall);

const told = (what: string, taken: typeof timing) => ({
  what,
  value: wallOf(taken),
  cpu: cpuOf(taken),
  goal: '< 100 ms',
  reached: median(taken.cpu) < 100,
});

const { pods } = large.before.facts;
report('engine-whatif', [
  {
    ...told(
      `one policy of ${count(large.before.policies.length)} changed among ${count(pods.length)} pods: changed pairs`,
      timing,
    ),
    memory,
  },
  {
    what: `the slowest of ${timing.wall.length} changes (${count(answered)} changed pairs in all)`,
    value: milliseconds(Math.max(...timing.wall)),
    cpu: milliseconds(Math.max(...timing.cpu)),
  },
  { what: 'the first of all', value: wallOf(first), cpu: cpuOf(first) },
  told('one pod with another label', ofPod),
  told('one namespace with another label', ofNamespace),
  { what: 'compile of the whole changed set', value: wallOf(whole), cpu: cpuOf(whole) },
  {
    what: `${count(small.before.facts.pods.length)} pods: one policy changed`,
    value: wallOf(ofSmall),
    cpu: cpuOf(ofSmall),
  },
  {
    what: 'the same pairs from nothing',
    value: wallOf(reference),
    cpu: cpuOf(reference),
    ratio: times(ratio),
    goal: '≥ 50 ×',
    reached: ratio >= 50,
  },
]);
