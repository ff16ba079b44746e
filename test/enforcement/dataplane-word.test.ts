import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataplaneWord } from '../../src/enforcement/dataplane-word.js';
import type { ObservedPolicy } from '../../src/flows/flow.js';
import { pod, wrapped } from '../flows/formats/hubble-records.js';
import { lines } from '../flows/support/intake.js';
import { INGEST, labs } from '../support/lab.js';
import { denyEgress, SHOP } from '../support/shop.js';

const lab = labs();

const denial = wrapped({
  verdict: 'DROPPED',
  drop_reason_desc: 'POLICY_DENY',
  event_type: { type: 5 },
  source: { ...pod('web-1', 'web'), workloads: [{ kind: 'Deployment', name: 'web' }] },
  destination: { ...pod('api-1', 'api'), workloads: [{ kind: 'Deployment', name: 'api' }] },
  egress_denied_by: [{ name: 'deny-api', namespace: 'shop', kind: 'CiliumNetworkPolicy' }],
});

const ASKED = `query ($cluster: String!) {
  flows(filter: { cluster: { eq: $cluster } }) { nodes { explanation { verdict
    dataplane { verdict agrees message policies { action kind namespace name } } } } }
  alerts(filter: { cluster: { eq: $cluster } }) { nodes { rule message } } }`;

test('a flow that the dataplane denied by a policy of its own says so, and so does its alert', async () => {
  const { take, call, ask, cluster } = lab('own policy');
  await take(SHOP);
  await call(INGEST, { format: 'hubble', records: lines(denial) });
  const { flows, alerts } = await ask(ASKED, { cluster });
  assert.deepEqual(flows.nodes, [
    {
      explanation: {
        verdict: 'ALLOWED',
        dataplane: {
          verdict: 'DENIED',
          agrees: false,
          message:
            'the dataplane denied it, by `CiliumNetworkPolicy shop/deny-api`; the policies in force say ALLOWED: the dataplane may know policies that are not known here, or had others in force when it was seen',
          policies: [
            { action: 'DENY', kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'deny-api' },
          ],
        },
      },
    },
  ]);
  assert.deepEqual(alerts.nodes, [
    {
      rule: 'DENIED',
      message:
        '`shop/web` -> `shop/api` (TCP 8080): policy denied it, by `CiliumNetworkPolicy shop/deny-api`',
    },
  ]);
  await take([...SHOP, denyEgress('web')]);
  const [{ explanation }] = (await ask(ASKED, { cluster })).flows.nodes;
  assert.equal(explanation.dataplane.agrees, true);
});

test('an alert of several flows names the policies of all of them', async () => {
  const { take, call, ask, cluster } = lab('named by one of two');
  await take(SHOP);
  const { flow } = JSON.parse(JSON.stringify(denial));
  const unnamed = {
    ...flow,
    uuid: 'later',
    time: '2026-11-22T10:00:09Z',
    egress_denied_by: undefined,
    l4: { TCP: { ...flow.l4.TCP, source_port: 40777, destination_port: 9090 } },
  };
  await call(INGEST, { format: 'hubble', records: lines(denial, wrapped(unnamed)) });
  const { alerts } = await ask(ASKED, { cluster });
  assert.deepEqual(alerts.nodes, [
    {
      rule: 'DENIED',
      message:
        '`shop/web` -> `shop/api` (TCP 9090): policy denied it, by `CiliumNetworkPolicy shop/deny-api` (the latest of 2 flows)',
    },
  ]);
});

const BETWEEN = `query ($input: ExplainInput!) { explain(input: $input) { verdict
  dataplane { verdict agrees message policies { name } } } }`;

test('what the dataplane said stands beside an explanation by ends too, where a flow of it was seen', async () => {
  const { take, call } = lab('by ends');
  await take(SHOP);
  await call(INGEST, { format: 'hubble', records: lines(denial) });
  const ends = { source: 'shop/web', destination: 'shop/api' };
  const said = await call(BETWEEN, { ...ends, port: 8080 });
  assert.equal(said.verdict, 'ALLOWED');
  assert.equal(said.dataplane.agrees, false);
  assert.match(said.dataplane.message, /denied it, by `CiliumNetworkPolicy shop\/deny-api`/);
  assert.equal((await call(BETWEEN, { ...ends, port: 9090 })).dataplane, null);
  const at = '2026-11-22T10:00:00Z';
  assert.equal((await call(BETWEEN, { ...ends, port: 8080, at })).dataplane, null);
});

const ALLOWING: ObservedPolicy = {
  action: 'ALLOW',
  direction: 'EGRESS',
  kind: null,
  namespace: null,
  name: 'open',
};

test('the dataplane agrees, disagrees, or one of both does not say', () => {
  const agreement = (
    verdict: Parameters<typeof dataplaneWord>[0],
    known: Parameters<typeof dataplaneWord>[2],
  ) => dataplaneWord(verdict, [ALLOWING], known).agrees;
  assert.equal(agreement('ALLOWED', 'ALLOWED'), true);
  assert.equal(agreement('ALLOWED', 'DENIED'), false);
  assert.equal(agreement('AUDIT', 'DENIED'), true);
  assert.equal(agreement('AUDIT', 'ALLOWED'), false);
  assert.equal(agreement('ERROR', 'DENIED'), null);
  assert.equal(agreement('DENIED', 'UNDECIDABLE'), null);
  assert.match(dataplaneWord('ALLOWED', [ALLOWING], 'ALLOWED').message, /, by `policy open`$/);
  assert.doesNotMatch(dataplaneWord('DENIED', [ALLOWING], 'ALLOWED').message, /open/);
});
