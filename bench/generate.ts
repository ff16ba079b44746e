/**
 * Measures: least-privilege policies for all deployments from all of their flows: read, generated, written as YAML, proved
 * and stored. In this process, without HTTP.
 * Data: 200,000 flows of 500 deployments, and of 2,000; 5 % of the flows were denied and are no reason for a rule
 * (`--quick`: 10,000 flows of 50 deployments).
 * Reference in the same run: the engine's own evaluation of the result: read the text, compile, judge each flow.
 * Goal: under 5 s for 500 deployments, every flow allowed that a rule can name: those to nodes and unknown ends are told instead.
 */
import type { DataSource } from 'typeorm';
import { withEdges } from './flows/database.js';
import { sized } from './measure/options.js';
import { count, type Figure, milliseconds, report, times } from './measure/report.js';
import { atWorkOn, processorsOf } from './work/at-work.js';
import { evaluate, generateAll } from './work/generate.js';

const EDGES = sized(200_000, 10_000);
const DEPLOYMENTS = sized([500, 2_000], [50]);
const GOAL_MS = 5_000;

async function figures(source: DataSource, deployments: number): Promise<readonly Figure[]> {
  await source.query('vacuum analyze');
  const atWork = await atWorkOn(source);
  await generateAll(atWork);
  const [cost, outcome] = await generateAll(atWork);
  const evaluation = await evaluate(atWork, outcome);
  const { policies, flows, withoutRule, denied } = evaluation;
  console.log(
    `generate: ${deployments} deployments: ${count(denied.length)} of ${count(flows - withoutRule)} flows are denied; ${count(withoutRule)} more have an end that no rule can name, and a warning each`,
  );
  return [
    {
      what: `evaluation of ${count(policies)} policies with ${count(flows)} flows`,
      value: milliseconds(evaluation.cost.wall),
      cpu: milliseconds(processorsOf(evaluation.cost)),
    },
    {
      what: `policies of ${count(deployments)} deployments from ${count(EDGES)} flows`,
      value: milliseconds(cost.wall),
      cpu: `engine ${milliseconds(cost.here)}, Postgres ${milliseconds(cost.postgres)}`,
      ratio: times(processorsOf(cost) / processorsOf(evaluation.cost)),
      ...(deployments <= 500 && {
        goal: '< 5 s, no flow denied',
        reached: cost.wall < GOAL_MS && denied.length === 0,
      }),
    },
  ];
}

const all: Figure[] = [];
for (const deployments of DEPLOYMENTS)
  await withEdges({ edges: EDGES, deployments }, async source => {
    all.push(...(await figures(source, deployments)));
  });
report('generate', all);
