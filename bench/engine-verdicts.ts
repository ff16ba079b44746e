/**
 * Measures: the verdicts of 1,000,000 distinct flows by `judgeAll`, from columns of numbers; with
 * a set that was just compiled (compiling not counted), and with one that has judged before.
 * Data: the cluster of `engine-map` (10,000 pods, 3,000 policies); nine flows in ten between two
 * pods, the tenth with one of 2,000 outside addresses; no pair of ends twice.
 * Reference: reading the same columns once (the mean of 20 readings on end, since one is over
 * before the compiler has seen it).
 * Goal: at least 2,000,000 verdicts a second.
 */
import { compile, type Endpoint, type FlowColumns, judgeAll } from '../src/netpol/index.js';
import { clusterOf, engineInput, LARGE } from './data/cluster.js';
import { randomFrom } from './data/random.js';
import { memoryNow } from './measure/memory.js';
import { sized } from './measure/options.js';
import { count, type Figure, milliseconds, report, times, wallOf } from './measure/report.js';
import { median, ratioOf, rounds, type Timing, type Work } from './measure/rounds.js';

const FLOWS = sized(1_000_000, 200_000);
const OUTSIDE = 2_000;
const PORTS = [80, 443, 5432, 8000, 8080, 8081, 8443, 9090, 9091, 9100, 9102, 30_000];

const outsideAddress = (place: number): Endpoint => ({
  kind: 'address',
  address: `${place % 2 === 0 ? '203.0' : '198.51'}.${place % 40}.${place % 250}`,
});

/** The source counts up, the destination moves on by another step whenever the sources begin anew. */
function flowsOf(pods: readonly { readonly key: string }[]): FlowColumns {
  const random = randomFrom(3);
  const columns = {
    endpoints: [
      ...pods.map(({ key }): Endpoint => ({ kind: 'pod', key })),
      ...Array.from({ length: OUTSIDE }, (_, place) => outsideAddress(place)),
    ],
    sources: new Int32Array(FLOWS),
    destinations: new Int32Array(FLOWS),
    ports: new Int32Array(FLOWS),
    protocols: new Uint8Array(FLOWS),
  };
  for (let flow = 0; flow < FLOWS; flow++) {
    const pod = flow % pods.length;
    const turn = Math.floor(flow / pods.length);
    const other = (pod + 1 + turn * 97) % pods.length;
    const outside = pods.length + ((pod * 31 + turn * 13) % OUTSIDE);
    const inward = random.chance(0.3);
    const [source, destination] =
      flow % 10 > 0 ? [pod, other] : inward ? [outside, pod] : [pod, outside];
    columns.sources[flow] = source;
    columns.destinations[flow] = destination;
    columns.ports[flow] = random.pick(PORTS);
    columns.protocols[flow] = random.chance(0.9) ? 0 : 1;
  }
  return columns;
}

function readOnce({ sources, destinations, ports, protocols }: FlowColumns): number {
  let sum = 0;
  for (let flow = 0; flow < sources.length; flow++) {
    sum +=
      (sources[flow] ?? 0) ^
      (destinations[flow] ?? 0) ^
      (ports[flow] ?? 0) ^
      (protocols[flow] ?? 0);
  }
  return sum;
}

const READINGS = 20;

function readOften(flows: FlowColumns): number {
  let sum = 0;
  for (let reading = 0; reading < READINGS; reading++) sum += readOnce(flows);
  return sum;
}

const { facts, policies } = engineInput(clusterOf(LARGE));
const flows = flowsOf(facts.pods);
const fresh = Array.from({ length: sized(6, 3) }, () => compile(facts, policies));
const used = compile(facts, policies);
const shares = new Map<string, number>();
const judged = judgeAll(used, flows);
for (let flow = 0; flow < judged.length; flow++) {
  const { verdict } = judged.at(flow);
  shares.set(verdict, (shares.get(verdict) ?? 0) + 1);
}
const memory = memoryNow();
const works: readonly Work[] = [
  { name: 'fresh', run: () => judgeAll(fresh.pop() ?? used, flows) },
  { name: 'used', run: () => judgeAll(used, flows) },
  { name: 'read', run: () => readOften(flows) },
];
const [first, again, readings] = await rounds(works, fresh.length);
if (!first || !again || !readings) throw new Error('nothing was measured');

const rateOf = (milliseconds: number): number => (FLOWS * 1000) / milliseconds;
const figureOf = (what: string, timing: Timing): Figure => ({
  what,
  value: `${count(rateOf(median(timing.wall)))}/s (${wallOf(timing)})`,
  cpu: `${count(rateOf(median(timing.cpu)))}/s`,
  ratio: times(ratioOf(timing, readings) * READINGS),
  goal: '≥ 2,000,000/s',
  reached: rateOf(median(timing.cpu)) >= 2_000_000,
  memory,
});

const told = [...shares].map(([verdict, flows]) => `${count((100 * flows) / FLOWS)} % ${verdict}`);
report('engine-verdicts', [
  figureOf(`${count(FLOWS)} flows, set just compiled (${told.join(', ')})`, first),
  figureOf('the same, set that has judged before', again),
  {
    what: 'reading the columns once',
    value: milliseconds(median(readings.wall) / READINGS),
    cpu: milliseconds(median(readings.cpu) / READINGS),
  },
]);
