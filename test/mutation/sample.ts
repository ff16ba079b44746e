/**
 * `node --import tsx test/mutation/sample.ts [--share 0.1] [--seed 1] [--part 1/2]`: what `npm run mutation -- --mutate "…"` takes to
 * plant mutants in a random share of the engine's lines only. A full run takes hours, a tenth some ten minutes. Lines are
 * drawn in blocks; a mutant that reaches beyond its block is left out.
 */
import { globSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import fc from 'fast-check';

const LINES = 12;

const { values } = parseArgs({
  options: {
    share: { type: 'string', default: '0.1' },
    seed: { type: 'string', default: '1' },
    part: { type: 'string', default: '1/1' },
  },
});
const [part = 1, parts = 1] = values.part.split('/').map(Number);

const blocksOf = (file: string): readonly string[] => {
  const { length } = readFileSync(file, 'utf8').split('\n');
  return Array.from(
    { length: Math.ceil(length / LINES) },
    (_, block) => `${file}:${block * LINES + 1}-${Math.min(length, (block + 1) * LINES)}`,
  );
};

const blocks = globSync('src/netpol/**/*.ts')
  .filter(file => file !== 'src/netpol/index.ts')
  .sort()
  .flatMap(blocksOf);
const count = Math.round(blocks.length * Number(values.share));
const [drawn = []] = fc.sample(
  fc.shuffledSubarray(blocks, { minLength: count, maxLength: count }),
  { seed: Number(values.seed), numRuns: 1 },
);
const own = [...drawn].sort().filter((_, place) => place % parts === part - 1);
console.log(own.join(','));
