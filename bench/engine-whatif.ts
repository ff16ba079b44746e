/**
 * Measures: "what would this one changed policy do?": `withChange` of one policy, and `compareSets`
 * of the state before and after, which answers every pair that is newly allowed or newly blocked.
 * Each round asks of another policy, so that nothing it needs was kept from an earlier round.
 * Data: 100,000 pods of 20,000 deployments in 1,000 namespaces, 10,000 policies (`data/cluster.ts`);
 * the change gives a policy's rules another port.
 * Reference: `compile` of the whole changed set; a lower bound of the full way, which would compare
 * 400 million pairs after it.
 * Goals: under 100 ms; at least 50 times faster than the reference.
 */
import {
  type Compiled,
  compareSets,
  compile,
  type Policy,
  type Rule,
  withChange,
} from '../src/netpol/index.js';
import { clusterOf, engineInput } from './data/cluster.js';
import { memoryNow } from './measure/memory.js';
import { sized } from './measure/options.js';
import { count, cpuOf, milliseconds, report, times, wallOf } from './measure/report.js';
import { median, ratioOf, roundsOf } from './measure/rounds.js';

const SIZE = sized(
  { namespaces: 1_000, deployments: 20_000, replicas: 5, policies: 10_000, seed: 7 },
  { namespaces: 200, deployments: 4_000, replicas: 5, policies: 2_000, seed: 7 },
);

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

const { facts, policies } = engineInput(clusterOf(SIZE));
const before = compile(facts, policies);
const withRules = policies.filter(({ ingress, egress }) => (ingress ?? egress ?? []).length > 0);

let asked = 0;
let pairs = 0;
/** Policies far apart, so that they lie in other namespaces. */
const next = (): Policy => changed(withRules[(asked++ * 7_919) % withRules.length] as Policy);

const whatIf = {
  name: 'what if',
  run: (): Compiled => {
    const after = withChange(before, { policies: { put: [next()] } });
    pairs += compareSets(before, after).pairs.length;
    return after;
  },
};
const full = {
  name: 'full',
  run: () => {
    const policy = next();
    const same = ({ namespace, name }: Policy) =>
      namespace === policy.namespace && name === policy.name;
    return compile(
      facts,
      policies.map(each => (same(each) ? policy : each)),
    );
  },
};

const first = await roundsOf(whatIf, 1);
const timing = await roundsOf(whatIf, sized(51, 11));
const answered = pairs;
if (answered === 0) throw new Error('no change changed anything');
const memory = memoryNow();
const reference = await roundsOf(full, sized(5, 3));
const ratio = ratioOf(reference, timing);

report('engine-whatif', [
  {
    what: `one policy of ${count(policies.length)} changed among ${count(facts.pods.length)} pods: changed pairs`,
    value: wallOf(timing),
    cpu: cpuOf(timing),
    goal: '< 100 ms',
    reached: median(timing.cpu) < 100,
    memory,
  },
  {
    what: `the slowest of ${timing.wall.length} changes (${count(answered)} changed pairs in all)`,
    value: milliseconds(Math.max(...timing.wall)),
    cpu: milliseconds(Math.max(...timing.cpu)),
  },
  { what: 'the first of all', value: wallOf(first), cpu: cpuOf(first) },
  {
    what: 'compile of the whole changed set',
    value: wallOf(reference),
    cpu: cpuOf(reference),
    ratio: times(ratio),
    goal: '≥ 50 ×',
    reached: ratio >= 50,
  },
]);
