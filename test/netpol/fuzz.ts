import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { smallWorld } from './model/arbitrary-world.js';
import { missingFrom, type Tally } from './model/coverage.js';
import { described, shares, shrink, trial } from './model/trial.js';

const VERDICTS_PER_WORLD = 200;

/** `npm run fuzz -- --verdicts N [--seed S]`: random verdicts of the engine held against the model. */
const { values } = parseArgs({
  options: {
    verdicts: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    coverage: { type: 'boolean', default: false },
  },
});
const verdicts = Number(values.verdicts);
const seed = Number(values.seed);
if (!Number.isInteger(verdicts) || verdicts < 1 || !Number.isInteger(seed)) {
  console.error('fuzz: --verdicts and --seed want whole numbers');
  process.exit(2);
}

const tally: Tally = new Map();
const worlds = Math.ceil(verdicts / VERDICTS_PER_WORLD);
const started = performance.now();
console.log(`seed ${seed}: ${worlds} worlds, ${VERDICTS_PER_WORLD} verdicts each`);

let asked = 0;
let disagreements = 0;
for (let batch = 0; batch * 100 < worlds; batch += 1) {
  const numRuns = Math.min(100, worlds - batch * 100);
  for (const world of fc.sample(smallWorld, { seed: seed + batch, numRuns })) {
    const found = trial(world, seed + asked, VERDICTS_PER_WORLD, tally);
    asked += VERDICTS_PER_WORLD;
    if (found === null) continue;
    disagreements += 1;
    console.error(described(shrink(found)));
    if (disagreements >= 10) process.exit(1);
  }
}

const seconds = (performance.now() - started) / 1000;
if (values.coverage) {
  for (const [point, times] of [...tally].sort())
    console.log(`${String(times).padStart(9)} ${point}`);
}
console.log(`${shares(tally)}`);
console.log(`${asked} verdicts in ${seconds.toFixed(1)} s, ${disagreements} disagreements`);
// Fewer worlds may miss a rare construct by chance.
const missing = worlds < 500 ? [] : missingFrom(tally);
if (missing.length > 0) console.error(`never reached: ${missing.join(', ')}`);
process.exitCode = disagreements > 0 || missing.length > 0 ? 1 : 0;
