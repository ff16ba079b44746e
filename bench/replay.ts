/**
 * Measures: a simulation over 30 days of history, from reading the flows to the stored result: verdict of each flow before
 * and after, days, changes between all pairs, findings. In this process, without HTTP.
 * Data: 1,000,000 distinct edges of 2,000 deployments with one hour each, 500 policies in force; five of 100 namespaces
 * are closed (`--quick`: 50,000 edges of 200 deployments).
 * Reference in the same run: a select of the same rows to the client. Goal: 3 × of it, and under 30 s.
 */
import type { DataSource } from 'typeorm';
import { withEdges } from './flows/database.js';
import { sized } from './measure/options.js';
import { count, milliseconds, report, times } from './measure/report.js';
import { atWorkOn, processorsOf } from './work/at-work.js';
import { bringPoliciesIn, readRows, replay } from './work/replay.js';

const SIZE = sized({ edges: 1_000_000, deployments: 2_000 }, { edges: 50_000, deployments: 200 });
const GOAL = 3;

async function measured(source: DataSource): Promise<void> {
  const atWork = await atWorkOn(source);
  await bringPoliciesIn(atWork, SIZE.deployments);
  await source.query('vacuum analyze');
  await readRows(atWork);
  const [read, rows] = await readRows(atWork);
  const [cost, { summary }] = await replay(atWork, 5);
  const judged = Object.values(summary ?? {}).reduce((sum, flows) => sum + flows, 0);
  if (judged !== rows) throw new Error(`${rows} flows were read, and ${judged} simulated`);
  const ratio = processorsOf(cost) / processorsOf(read);
  report('replay', [
    {
      what: `select of ${count(rows)} flows`,
      value: milliseconds(read.wall),
      cpu: `client ${milliseconds(read.here)}, Postgres ${milliseconds(read.postgres)}`,
    },
    {
      what: `simulation over ${count(rows)} flows`,
      value: milliseconds(cost.wall),
      cpu: `engine ${milliseconds(cost.here)}, Postgres ${milliseconds(cost.postgres)}`,
      ratio: times(ratio),
      goal: `<= ${GOAL} ×, < 30 s`,
      reached: ratio <= GOAL && cost.wall < 30_000,
    },
  ]);
}

await withEdges(SIZE, measured);
