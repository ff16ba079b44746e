import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, labs } from '../support/lab.js';
import { SHOP } from '../support/shop.js';

const lab = labs();

const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  policies { name rules { direction peer ports } } problems { code message } } }`;
const LEARN = `mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { problems { code } } }`;
const FLOWS = `query ($cluster: String!) { flows(filter: { cluster: { eq: $cluster } }) { nodes {
  port directionKnown } } }`;

type Listed = { readonly port: number; readonly directionKnown: boolean };
type Rule = { readonly peer: string; readonly ports: readonly string[] };
type Told = { readonly code: string; readonly message: string };

test('a flow of which nothing tells who asked is shown, and makes no rule, until a record tells it', async () => {
  const shop = lab('direction');
  await shop.take(SHOP);
  await shop.see(
    flow('shop/web', 'shop/api', 8080),
    flow('shop/web', 'shop/api', 9000, { isReply: null }),
    flow('shop/web', 'shop/api', 9001, { isReply: null }),
  );
  const ports = async (name: string): Promise<readonly string[]> => {
    const { policies, problems } = await shop.call(GENERATE, { deployments: ['api'], name });
    told = problems;
    const rules: readonly Rule[] = policies[0].rules;
    return rules.filter(({ peer }) => peer === 'shop/web').flatMap(rule => rule.ports);
  };
  let told: readonly Told[] = [];
  assert.deepEqual(await ports('first'), ['TCP 8080']);
  const [warning] = told.filter(({ code }) => code === 'DIRECTION_UNKNOWN');
  assert.match(warning?.message ?? '', /^2 flows are no evidence.*TCP 9000.*TCP 9001/);

  await shop.see(flow('shop/web', 'shop/api', 9000, { time: '2026-11-22T10:00:01Z' }));
  assert.deepEqual(await ports('second'), ['TCP 8080', 'TCP 9000']);
  const { flows } = await shop.ask(FLOWS, { cluster: 'direction' });
  const unknown = flows.nodes.filter(({ directionKnown }: Listed) => !directionKnown);
  assert.deepEqual(
    unknown.map(({ port }: Listed) => port),
    [9001],
  );
});

test('what may be an answer is not learned', async () => {
  const shop = lab('unlearned');
  await shop.take(SHOP);
  await shop.see(flow('shop/web', 'shop/api', 9001, { isReply: null }));
  const { problems } = await shop.call(LEARN, {});
  assert.ok(
    problems.some(({ code }: Told) => code === 'FLOWS_NOT_LEARNED'),
    JSON.stringify(problems),
  );
});
