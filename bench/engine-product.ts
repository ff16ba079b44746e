/**
 * Measures: what the product asks of the engine when it generates, simulates and judges again: policies from flows, their
 * text written and read, the set compiled, every flow judged in a new set and again, all pairs of deployments, and lint.
 * Data: 2,083 deployments in namespaces of twenty, one fact each, and 50,000 flows, seven in ten between deployments, the
 * others with addresses, names, blocks, nodes and unknown ends (`data/product.ts`); quick: 530 deployments, 10,000 flows.
 * Goals: generation from flows to pairs under 15 s; lint under 5 s; 1,000,000 judgements a second in a set that has judged
 * before, the making of columns of the connections included.
 */
import {
  allowedBetween,
  compile,
  DEFAULT_MODES,
  generatePolicies,
  judgeAll,
  lint,
  parsePolicies,
  render,
  withTwins,
} from '../src/netpol/index.js';
import { productCluster } from './data/product.js';
import { sized } from './measure/options.js';
import { count, cpuOf, type Figure, report, wallOf } from './measure/report.js';
import { median, roundsOf, type Timing } from './measure/rounds.js';

const DEPLOYMENTS = sized(2_083, 530);
const FLOWS = sized(50_000, 10_000);
const OPTIONS = { label: { key: 'weirgate.dev/generated', value: 'true' }, allowMetadata: false };

const data = productCluster({ deployments: DEPLOYMENTS, flows: FLOWS, seed: 1 });
const flows = data.flows();
const keys = data.facts.pods.map(({ key }) => key);
const facts = withTwins(data.facts);

const generated = generatePolicies(data.facts, keys, flows, OPTIONS);
const documents = generated.policies.map(({ document }) => document);
const text = render(documents);
const { policies } = parsePolicies([{ file: null, text }]);
const used = compile(facts, policies);
const { length } = judgeAll(used, data.connections);

const figures: Figure[] = [];

async function measure(what: string, run: () => unknown, told: Partial<Figure> = {}) {
  const timing: Timing = await roundsOf({ name: what, run }, sized(3, 2));
  figures.push({ what, value: wallOf(timing), cpu: cpuOf(timing), ...told });
  return median(timing.cpu);
}

const rules = generated.policies.reduce((sum, policy) => sum + policy.rules.length, 0);
const steps = [
  await measure(`${count(documents.length)} policies of ${count(rules)} rules generated`, () =>
    generatePolicies(data.facts, keys, flows, OPTIONS),
  ),
  await measure(`their text written, ${count(text.length / 1_000_000)} MB`, () =>
    render(documents),
  ),
  await measure('their text read', () => parsePolicies([{ file: null, text }])),
  await measure('compiled', () => compile(facts, policies)),
  await measure(`${count(length)} flows judged, set just compiled`, () =>
    judgeAll(compile(facts, policies), data.connections),
  ),
  await measure('all pairs of deployments', () => [
    ...allowedBetween(compile(facts, policies), keys),
  ]),
];
const sum = steps.reduce((all, step) => all + step, 0);
figures.push({
  what: 'all of these',
  value: '',
  cpu: `${count(sum)} ms`,
  goal: '< 15 s',
  reached: sum < 15_000,
});
const again = await measure('the flows judged again', () => judgeAll(used, data.connections));
figures.push({
  what: 'judgements a second',
  value: '',
  cpu: `${count((length * 1000) / again)}/s`,
  goal: '≥ 1,000,000/s',
  reached: (length * 1000) / again >= 1_000_000,
});
const linted = await measure('lint', () => lint(data.facts, policies, { modes: DEFAULT_MODES }));
figures.push({
  what: 'lint of all of them',
  value: '',
  cpu: `${count(linted)} ms`,
  goal: '< 5 s',
  reached: linted < 5_000,
});
report('engine-product', figures);
