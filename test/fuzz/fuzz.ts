import { parseArgs } from 'node:util';
import type { Budget, Fuzzed } from './budget.js';
import { fuzzFlows } from './fuzz-flows.js';
import { fuzzManifests } from './fuzz-manifests.js';

type Fuzz = (seed: string, budget: Budget) => Promise<Fuzzed> | Fuzzed;

/** On a server of its own; its modules want a database when they are loaded. */
async function onServer(use: (seed: string, budget: Budget) => Promise<Fuzzed>): Promise<Fuzzed> {
  const { startTestServer, stopTestServer } = await import('../support/test-server.js');
  await startTestServer();
  return use(seed, budget).finally(stopTestServer);
}

async function graphql(): Promise<Fuzzed> {
  const [{ withServer }, { createSchema }, { fillWorld }, { fuzzGraphql }] = await Promise.all([
    import('../support/server.js'),
    import('../../src/schema.js'),
    import('./fuzz-world.js'),
    import('./fuzz-graphql.js'),
  ]);
  const schema = await createSchema();
  return withServer(async fixture =>
    fuzzGraphql({ server: fixture.server, schema, known: await fillWorld(fixture) }, seed, budget),
  );
}

async function door(): Promise<Fuzzed> {
  const [{ withServer }, { fuzzDoor }] = await Promise.all([
    import('../support/server.js'),
    import('./fuzz-door.js'),
  ]);
  return withServer(fixture => fuzzDoor(fixture, seed, budget));
}

const KINDS: Readonly<Record<string, Fuzz>> = {
  flows: fuzzFlows,
  manifests: fuzzManifests,
  door: () => onServer(door),
  graphql: () => onServer(graphql),
};

/** `npm run fuzz:flows -- [--minutes M] [--runs N] [--seed S]`: the same seed sends the same. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    runs: { type: 'string', default: '1000000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const [kind = ''] = positionals;
const fuzz = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
const [minutes, runs] = [Number(values.minutes), Number(values.runs)];
if (fuzz === undefined || !(minutes > 0) || !(runs > 0)) {
  console.error(
    `fuzz: say one of ${Object.keys(KINDS).join(', ')}; --minutes and --runs want numbers`,
  );
  process.exit(2);
}
const { seed } = values;
const budget: Budget = { runs, until: Date.now() + minutes * 60_000 };
console.log(`${kind}, seed ${seed}, ${minutes} minutes at most`);
const { asked, finding } = await fuzz(seed, budget);
if (finding !== null) console.error(`run ${finding.run}: ${finding.why}\n${finding.sent}`);
console.log(`${asked} sent, ${finding === null ? 'nothing' : 'one finding'}`);
process.exitCode = finding === null ? 0 : 1;
