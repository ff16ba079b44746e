/**
 * Measures: least-privilege policies for all deployments from all of their flows: read, generated, written as YAML, proved
 * and stored. In this process, without HTTP.
 * Data: 500 deployments with 20,000 flows, as many for each as a real cluster has, and with 200,000; 5 % of the flows were
 * denied and are no reason for a rule (`--quick`: 50 deployments with 2,000 and 10,000 flows).
 * Reference in the same run: the engine's own evaluation of the result: read the text, compile, judge each flow.
 * Goal: under 5 s for 500 deployments, every flow allowed that a rule can name: those to nodes and unknown ends are told instead.
 */
import type { DataSource } from 'typeorm';
import { withEdges } from './flows/database.js';
import { sized } from './measure/options.js';
import { count, type Figure, milliseconds, report, times } from './measure/report.js';
import { atWorkOn, processorsOf } from './work/at-work.js';
import { evaluate, generateAll } from './work/generate.js';

const DEPLOYMENTS = sized(500, 50);
const EDGES = sized([20_000, 200_000], [2_000, 10_000]);
const GOAL_MS = 5_000;

async function figures(source: DataSource): Promise<readonly Figure[]> {
  await source.query('vacuum analyze');
  const atWork = await atWorkOn(source);
  const [cost, outcome] = await generateAll(atWork);
  const evaluation = await evaluate(atWork, outcome);
  const { policies, flows, withoutRule, denied } = evaluation;
  console.log(
    `generate: ${DEPLOYMENTS} deployments: ${count(denied.length)} of ${count(flows - withoutRule)} flows are denied; ${count(withoutRule)} more have an end that no rule can name, and a warning each`,
  );
  return [
    {
      what: `evaluation of ${count(policies)} policies with ${count(flows)} flows`,
      value: milliseconds(evaluation.cost.wall),
      cpu: milliseconds(processorsOf(evaluation.cost)),
    },
    {
      what: `policies of ${count(DEPLOYMENTS)} deployments from ${count(flows)} flows`,
      value: milliseconds(cost.wall),
      cpu: `engine ${milliseconds(cost.here)}, Postgres ${milliseconds(cost.postgres)}`,
      ratio: times(processorsOf(cost) / processorsOf(evaluation.cost)),
      goal: '< 5 s, no flow denied',
      reached: cost.wall < GOAL_MS && denied.length === 0,
    },
  ];
}

const all: Figure[] = [];
for (const edges of EDGES)
  await withEdges({ edges, deployments: DEPLOYMENTS }, async source => {
    all.push(...(await figures(source)));
  });
report('generate', all);
