import { type Chance, chanceOf, oneOf } from '../../src/cli/demo/chance.js';
import type { Budget, Fuzzed } from './budget.js';
import { nextUpload } from './fuzz-flows.js';
import { nextManifests } from './fuzz-manifests.js';
import { once } from './odd.js';

type Sending = { readonly path: string; readonly body: string | Uint8Array };

const CLUSTERS = ['door-1', 'door-2', '../../x', 'a\nb', '\u001b[2J', ''];

const cluster = (chance: Chance): string =>
  encodeURIComponent(once(chance, 8) ? oneOf(chance, CLUSTERS) : 'door-1');

function flows(chance: Chance): Sending {
  const { format, sent } = nextUpload(chance);
  const body = sent instanceof Uint8Array ? sent : sent.map(one => JSON.stringify(one)).join('\n');
  return { path: `/ingest/flows?cluster=${cluster(chance)}&format=${format}`, body };
}

const inventory = (chance: Chance): Sending => ({
  path: `/ingest/inventory?cluster=${cluster(chance)}&mode=${once(chance, 3) ? 'REPLACE' : 'MERGE'}`,
  body: nextManifests(chance),
});

const SIMULATE = `mutation ($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) {
  problems { code message } job { status error } } }`;

const simulation = (chance: Chance): Sending => ({
  path: '/graphql',
  body: JSON.stringify({
    query: SIMULATE,
    variables: { input: { cluster: 'door-1', policies: nextManifests(chance) } },
  }),
});

function nextSending(chance: Chance): Sending {
  if (once(chance, 6)) return simulation(chance);
  return once(chance, 3) ? inventory(chance) : flows(chance);
}

const isWrong = (status: number, text: string): boolean =>
  status >= 500 || text.includes('"code":"INTERNAL"') || text.includes('"status":"FAILED"');

/** Sends mutated bytes to the doors of a server, one body after another; answers the first that is not answered as it should be. */
export async function fuzzDoor(
  { server }: { readonly server: string },
  seed: string,
  { runs, until }: Budget,
): Promise<Fuzzed> {
  let run = 0;
  for (; run < runs && Date.now() < until; run += 1) {
    const { path, body } = nextSending(chanceOf(`${seed} door ${run}`));
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${server}${path}`, { method: 'POST', headers, body });
    const text = await response.text();
    if (!isWrong(response.status, text)) continue;
    const sent = `${path}\n${Buffer.from(body).toString('latin1')}`;
    const why = `status ${response.status}: ${text.slice(0, 500)}`;
    return { asked: run, finding: { run, sent, why } };
  }
  return { asked: run, finding: null };
}
