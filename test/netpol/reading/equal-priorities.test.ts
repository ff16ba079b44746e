import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anp, banp, cnp, everybody, read } from './admin-policies.js';

test('equal priorities warn across the kinds that share an order, where what their rules do differs', () => {
  const doing = (action: string) => `ingress: [{action: ${action}, from: [{namespaces: {}}]}]`;
  const spec = `{priority: 5, ${everybody}, ${doing('Deny')}}`;
  const admin = cnp(`{tier: Admin, priority: 5, ${everybody}, ${doing('Pass')}}`, 'x');
  const alike = cnp(`{tier: Admin, priority: 6, ${everybody}, ${doing('Accept')}}`, 'z');
  const other = cnp(
    `{tier: Admin, priority: 6, ${everybody}, egress: [{action: Deny, to: [{namespaces: {}}]}], ${doing('Accept')}}`,
    'w',
  );
  const silent = cnp(`{tier: Admin, priority: 6, ${everybody}}`, 's');
  const baseline = cnp(`{tier: Baseline, priority: 1000, ${everybody}, ${doing('Accept')}}`, 'y');
  const denying = banp(`{${everybody}, ${doing('Deny')}}`);
  const { policies, problems } = read(
    ...[anp(spec), admin, alike, other, silent, denying, baseline],
  );
  assert.equal(policies.length, 7);
  assert.deepEqual(
    problems.map(({ code, severity, message }) => [code, severity, message.split(':')[0]]),
    [
      [
        'PRIORITY_EQUAL',
        'WARNING',
        'ClusterNetworkPolicy `x` has the priority of AdminNetworkPolicy `a`',
      ],
      [
        'PRIORITY_EQUAL',
        'WARNING',
        'ClusterNetworkPolicy `y` has the priority of BaselineAdminNetworkPolicy `default`',
      ],
    ],
  );
});
