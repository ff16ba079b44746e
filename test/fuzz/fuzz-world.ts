import { documents, flow } from '../support/lab.js';
import type { ServerFixture } from '../support/server.js';
import { allowIngress, denyEgress, SHOP } from '../support/shop.js';
import type { Known } from './any-value.js';
import { FLOW_SEEDS } from './flow-seeds.js';

const CLUSTER = 'fuzz';

const POLICIES = documents(allowIngress('api', 'web'), denyEgress('cron'));

const INVENTORY = documents(...SHOP, allowIngress('db', 'api'));

const FLOWS = [
  flow('shop/web', 'shop/api', 8080),
  flow('shop/api', 'shop/db', 8080, { bytes: 100, connections: 1 }),
  flow('shop/cron', 'shop/db', 5432),
  flow('203.0.113.5', 'shop/web', 443),
];

const STEPS: readonly (readonly [name: string, input: object, answer: string])[] = [
  ['importInventory', { manifests: INVENTORY }, 'cluster { id } problems { code }'],
  ['ingestFlows', { records: FLOWS.map(one => JSON.stringify(one)).join('\n') }, 'accepted'],
  ['generateBaselines', {}, 'problems { code }'],
  ['generatePolicies', { name: 'least' }, 'problems { code }'],
  ['simulatePolicies', { policies: POLICIES }, 'problems { code } simulation { id }'],
];

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** Fills the server with one cluster that has some of everything; answers what is known of it. */
export async function fillWorld({ send }: Pick<ServerFixture, 'send'>): Promise<Known> {
  for (const [name, input, answer] of STEPS) {
    const document = `mutation ($input: ${capital(name)}Input!) { ${name}(input: $input) { ${answer} } }`;
    const { errors } = await send(document, { input: { cluster: CLUSTER, ...input } });
    if (errors !== undefined) throw new Error(`${name}: ${JSON.stringify(errors)}`);
  }
  return {
    names: [CLUSTER, 'shop', 'web', 'api', 'db', 'least', 'shop/web', 'shop/db'],
    ids: [],
    manifests: [INVENTORY, POLICIES, `${POLICIES}\n---\n{`, 'a: [', ''],
    records: FLOW_SEEDS.map(({ text }) => text),
  };
}
