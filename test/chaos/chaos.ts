import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SCENARIOS } from './scenarios.js';

const MINUTES_EACH = 5;

/** `npm run chaos [-- NAME…]`: all of them, one after another, five minutes each at most. */
const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !Object.hasOwn(SCENARIOS, name));
if (unknown.length > 0) {
  console.error(`chaos: ${unknown.join(', ')} is none of ${Object.keys(SCENARIOS).join(', ')}`);
  process.exit(2);
}

let failed = 0;
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = await mkdtemp(join(tmpdir(), 'weirgate-chaos-'));
  // As root, Postgres runs under another account, which has to pass through.
  await chmod(folder, 0o711);
  const started = performance.now();
  const over = pause(MINUTES_EACH * 60_000, undefined, { ref: false }).then(() => {
    throw new Error(`not over after ${MINUTES_EACH} minutes`);
  });
  try {
    const told = await Promise.race([scenario(folder), over]);
    console.log(`ok ${name} (${Math.round((performance.now() - started) / 1_000)} s): ${told}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error instanceof Error ? error.stack : error}`);
  }
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}
process.exit(failed === 0 ? 0 : 1);
