import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pod } from '../evaluation/build.js';
import { dns, type flow, generated, problemLines, ruleLines, specOf } from './observed.js';

const web = pod('shop/web');
const api = pod('shop/api');

const observed = (flows: readonly (string | ReturnType<typeof flow>)[], subject: string) =>
  generated({ pods: [web, api, dns] }, flows, { subjects: [subject], directions: 'OBSERVED' });

test('a direction in which nothing was seen stays open, and is named', () => {
  const server = observed(['shop/web -> shop/api TCP 80'], 'shop/api');
  assert.deepEqual(specOf(server), {
    podSelector: { matchLabels: { app: 'api' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [{ podSelector: { matchLabels: { app: 'web' } } }],
        ports: [{ port: 80, protocol: 'TCP' }],
      },
    ],
  });
  assert.deepEqual(problemLines(server), [
    'SILENT_DIRECTION egress stays open for `shop/api`: no usable egress was seen in the window, which may be silence or not looking',
  ]);
  const client = observed(['shop/web -> shop/api TCP 80'], 'shop/web');
  assert.deepEqual(ruleLines(client), [
    'shop/web: egress DNS TCP 53, UDP 53',
    'shop/web: egress shop/api TCP 80',
  ]);
});

test('a direction with flows that no rule can name stays open too', () => {
  const made = observed(['? -> shop/api TCP 80', 'shop/api -> shop/web TCP 80'], 'shop/api');
  assert.deepEqual(
    made.policies.map(({ document }) => (document.spec as { policyTypes: unknown }).policyTypes),
    [['Egress']],
  );
  assert.deepEqual(
    made.problems.map(({ code }) => code),
    ['PEER_NOT_COVERED', 'SILENT_DIRECTION'],
  );
  const nothing = observed(['? -> shop/api TCP 80'], 'shop/api');
  assert.deepEqual(nothing.policies, []);
  assert.deepEqual(
    nothing.problems.map(({ code }) => code),
    ['PEER_NOT_COVERED', 'NO_EVIDENCE'],
  );
});

test('what is left out on purpose is no silence: calls of the metadata service close egress', () => {
  const made = observed(['shop/api -> 169.254.169.254 TCP 80'], 'shop/api');
  assert.deepEqual(ruleLines(made), ['shop/api: egress DNS TCP 53, UDP 53']);
});

test('directions that are asked for are closed, whether or not something was seen', () => {
  const of = (directions: 'BOTH' | 'INGRESS' | 'EGRESS') =>
    specOf(
      generated({ pods: [web, api, dns] }, ['shop/web -> shop/api TCP 80'], {
        subjects: ['shop/web'],
        directions,
      }),
    ) as unknown as { policyTypes: unknown; ingress?: unknown };
  assert.deepEqual(of('BOTH').policyTypes, ['Ingress', 'Egress']);
  assert.deepEqual(of('INGRESS'), {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress'],
    ingress: [],
  });
  assert.deepEqual(of('EGRESS').policyTypes, ['Egress']);
});
