import assert from 'node:assert/strict';
import { lines } from '../../flows/support/intake.js';
import { documents, flow } from '../../support/lab.js';
import { namespace, workload } from '../../support/manifests.js';
import type { Answer } from '../../support/server.js';

export type Send = (query: string, variables?: object) => Promise<Answer>;

/** Sends as the bearer of a token. */
export const sendingAs =
  (server: string, token: string): Send =>
  async (query, variables = {}) => {
    const response = await fetch(`${server}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };

/** Ids of what there is of each type. */
export type World = Readonly<
  Record<'alert' | 'action' | 'rule' | 'notifier' | 'token' | 'simulation' | 'job', string>
>;

/** An ADMIN token, after which nobody is answered without one. */
export async function adminToken(send: Send, name: string): Promise<string> {
  const { data } = await send(
    'mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret } }',
    { input: { name, roles: ['ADMIN'] } },
  );
  return data.createToken.secret;
}

/** Denies all ingress of `shop`. */
export const POLICY =
  '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: none, namespace: shop}, spec: {podSelector: {}}}';

const BAD = '198.51.100.7';

const SETUP: readonly (readonly [field: string, input: string, answer: string, value: object])[] = [
  [
    'createAlertRule',
    'CreateAlertRuleInput',
    'rule { id }',
    { name: 'bad', criterion: 'KNOWN_BAD', addresses: [BAD], enforcement: 'QUARANTINE' },
  ],
  [
    'importInventory',
    'ImportInventoryInput',
    'cluster { id }',
    {
      cluster: 'lab',
      manifests: documents(
        namespace('shop'),
        workload('Deployment', 'web', { labels: { app: 'web' } }),
        workload('Deployment', 'api', { labels: { app: 'api' } }),
      ),
    },
  ],
  [
    'ingestFlows',
    'IngestFlowsInput',
    'accepted',
    {
      cluster: 'lab',
      format: 'neutral',
      records: lines(
        flow('shop/web', 'shop/api', 8080),
        flow('shop/web', BAD, 443),
        flow('shop/api', '169.254.169.254', 80),
      ),
    },
  ],
  ['generateBaselines', 'GenerateBaselinesInput', 'changed', { cluster: 'lab' }],
  [
    'createNotifier',
    'CreateNotifierInput',
    'notifier { id }',
    { name: 'mail', kind: 'ALERTMANAGER', url: 'http://127.0.0.1:9/' },
  ],
  [
    'createToken',
    'CreateTokenInput',
    'token { id }',
    { name: 'other', roles: ['VIEWER'], expiresInDays: 1 },
  ],
  [
    'putPolicyProfile',
    'PutPolicyProfileInput',
    'profile { version }',
    { cluster: 'lab', profile: { name: 'kept', zones: [] } },
  ],
  [
    'simulatePolicies',
    'SimulatePoliciesInput',
    'simulation { id } job { id }',
    { cluster: 'lab', policies: POLICY },
  ],
];

/** A cluster `lab` with two deployments, a flow between them, alerts, and one of each thing that has an id. */
export async function worldOf(send: Send): Promise<World> {
  const made: Record<string, Answer['data']> = {};
  for (const [field, input, answer, value] of SETUP) {
    const { data, errors } = await send(
      `mutation ($input: ${input}!) { ${field}(input: $input) { ${answer} problems { severity message } } }`,
      { input: value },
    );
    assert.deepEqual(errors, undefined, field);
    made[field] = data[field];
  }
  const { data } = await send('{ alerts { nodes { id rules actions { id } } } }');
  const alert = data.alerts.nodes.find(
    ({ actions }: { readonly actions: readonly object[] }) => actions.length > 0,
  );
  assert.ok(alert !== undefined, JSON.stringify(data));
  const { createAlertRule, createNotifier, createToken, simulatePolicies } = made;
  return {
    alert: alert.id,
    action: alert.actions[0].id,
    rule: createAlertRule.rule.id,
    notifier: createNotifier.notifier.id,
    token: createToken.token.id,
    simulation: simulatePolicies.simulation.id,
    job: simulatePolicies.job.id,
  };
}
