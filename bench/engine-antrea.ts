/**
 * Measures: which pods each policy selects and which pods each of its rules names as peers, for a
 * cluster of many small namespaces, from facts and policies to the sets: `compile`, which resolves
 * all of it. Antrea's controller does the same before it sends anything to a node.
 * Data: 25,000 namespaces of 4 pods, each with a default deny and two policies, one of which names
 * pods of another namespace (`data/small-namespaces.ts`); quick: 2,500 namespaces.
 * Reference: one pass that touches each namespace, pod with its labels and addresses, policy, rule
 * and peer once, and resolves nothing.
 * Goals: under 6 s and 1.5 GB, objects included (Antrea: about 6 s and 1.7 GB).
 */
import { type Compiled, compile, type PodFact, type Policy } from '../src/netpol/index.js';
import { type SmallNamespaces, smallNamespaces } from './data/small-namespaces.js';
import { memoryNow } from './measure/memory.js';
import { sized } from './measure/options.js';
import { count, cpuOf, report, times, wallOf } from './measure/report.js';
import { median, ratioOf, rounds, roundsOf } from './measure/rounds.js';

const GIGABYTES = 2 ** 30;

const touchPolicies = (policies: readonly Policy[]): number =>
  policies
    .flatMap(({ ingress, egress }) => [...(ingress ?? []), ...(egress ?? [])])
    .reduce(
      (touched, { peers, ports }) => touched + (peers?.length ?? 0) + (ports?.length ?? 0),
      0,
    );

function touchPods(pods: readonly PodFact[]): number {
  let touched = 0;
  for (const { labels, addresses, namespace } of pods) {
    for (const label in labels) touched += labels[label]?.length ?? 0;
    for (const address of addresses) touched += address.length;
    touched += namespace.length;
  }
  return touched;
}

const touchOnce = ({ facts, policies }: SmallNamespaces): number =>
  facts.namespaces.reduce((touched, { name }) => touched + name.length, 0) +
  touchPods(facts.pods) +
  touchPolicies(policies);

/** Pods that are subjects, and pods that are peers, each counted once for each policy and rule. */
function membersOf({ engine }: Compiled): { readonly subjects: number; readonly peers: number } {
  const podsOf = new Int32Array(engine.index.classes.length);
  for (const id of engine.index.classOf) podsOf[id] = (podsOf[id] ?? 0) + 1;
  const sum = (classes: Int32Array): number =>
    classes.reduce((all, id) => all + (podsOf[id] ?? 0), 0);
  let [subjects, peers] = [0, 0];
  for (const { subjects: selected, rules } of engine.policies) {
    subjects += sum(selected);
    for (const { pods } of [...(rules.INGRESS ?? []), ...(rules.EGRESS ?? [])]) {
      for (const { classes } of pods) peers += sum(classes);
    }
  }
  return { subjects, peers };
}

const namespaces = sized(25_000, 2_500);
const data = smallNamespaces(namespaces);
const resolve = { name: 'resolve', run: () => compile(data.facts, data.policies) };

const cold = await roundsOf(resolve, 1);
const compiled = resolve.run();
const { subjects, peers } = membersOf(compiled);
// 4 + 2 + 2 subjects, 2 + 2 + 2 peers a namespace.
if (subjects !== 8 * namespaces || peers !== 6 * namespaces) {
  throw new Error(
    `${subjects} subjects and ${peers} peers are not those of ${namespaces} namespaces`,
  );
}
const memory = memoryNow();
const touch = { name: 'touch', run: () => touchOnce(data) };
const [work, reference] = await rounds([resolve, touch], sized(5, 3));
if (work === undefined || reference === undefined) throw new Error('nothing was measured');

report('engine-antrea', [
  {
    what: `${count(namespaces)} namespaces, ${count(data.facts.pods.length)} pods, ${count(data.policies.length)} policies resolved`,
    value: wallOf(work),
    cpu: cpuOf(work),
    ratio: times(ratioOf(work, reference)),
    goal: '< 6 s, < 1.5 GB',
    reached: median(work.cpu) < 6_000 && memory.peak < 1.5 * GIGABYTES,
    memory,
  },
  { what: 'the same in a process that has just begun', value: wallOf(cold), cpu: cpuOf(cold) },
  { what: 'one pass over the objects', value: wallOf(reference), cpu: cpuOf(reference) },
]);
