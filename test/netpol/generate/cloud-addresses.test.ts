import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pod } from '../evaluation/build.js';
import { dns, generated, peersOf, problemLines, ruleLines } from './observed.js';

const api = pod('shop/api', { ports: [{ name: 'http', protocol: 'TCP', port: 8080 }] });

test('the cloud metadata service gets a rule only where it is asked for', () => {
  const flows = ['shop/api -> 169.254.169.254 TCP 80'];
  const refused = generated({ pods: [api, dns] }, flows);
  assert.deepEqual(problemLines(refused), [
    'METADATA_NOT_ALLOWED the flow `shop/api` to `169.254.169.254` (TCP 80) gets no rule: it is the cloud metadata service',
  ]);
  assert.equal(
    refused.problems[0]?.hint,
    'where the pods need it for their identity, generate with `allowMetadata`',
  );
  assert.deepEqual(ruleLines(refused), ['shop/api: egress DNS TCP 53, UDP 53']);
  const asked = generated({ pods: [api, dns] }, flows, { allowMetadata: true });
  assert.deepEqual(ruleLines(asked), [
    'shop/api: egress DNS TCP 53, UDP 53',
    'shop/api: egress 169.254.169.254 TCP 80',
  ]);
  assert.deepEqual(asked.problems, []);
});

test('resolvers at addresses of the node or the cloud are part of the rule for DNS', () => {
  const flows = [
    'shop/api -> 169.254.169.254 UDP 53',
    'shop/api -> 169.254.20.10 TCP 53',
    'shop/api -> 169.254.169.254 TCP 80',
  ];
  const made = generated({ pods: [api, dns] }, flows);
  assert.deepEqual(ruleLines(made), ['shop/api: egress DNS TCP 53, UDP 53']);
  const peers = ['169.254.20.10/32', '169.254.169.254/32'].map(cidr => ({ ipBlock: { cidr } }));
  assert.deepEqual(peersOf(made, 'egress').to?.slice(1), peers);
  assert.deepEqual(
    made.problems.map(({ code }) => code),
    ['METADATA_NOT_ALLOWED'],
  );
});
