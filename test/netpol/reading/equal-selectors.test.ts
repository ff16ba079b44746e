import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicies } from '../../../src/netpol/index.js';

/** The conditions that a pod selector is read as, one a line. */
function conditions(selector: string): readonly string[] {
  const text = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: ${selector}}}`;
  const { policies, problems } = parsePolicies([{ file: null, text }]);
  assert.deepEqual(problems, []);
  const { requirements } = policies[0]?.subject.pods ?? { requirements: [] };
  return requirements.map(({ key, operator, values }) => `${key} ${operator} [${values}]`);
}

const isIn = (key: string, values: string) => `{key: ${key}, operator: In, values: [${values}]}`;
const notIn = (key: string, values: string) =>
  `{key: ${key}, operator: NotIn, values: [${values}]}`;
const alone = (key: string, operator: string) => `{key: ${key}, operator: ${operator}}`;

/** Conditions in the order in which they are read, however they are written. */
const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['different keys', [alone('a', 'Exists'), alone('b', 'Exists')], ['a Exists []', 'b Exists []']],
  [
    'different operators',
    [alone('a', 'DoesNotExist'), alone('a', 'Exists'), isIn('a', 'x'), notIn('a', 'x')],
    ['a DoesNotExist []', 'a Exists []', 'a In [x]', 'a NotIn [x]'],
  ],
  ['different values', [isIn('a', 'x'), isIn('a', 'y')], ['a In [x]', 'a In [y]']],
  ['more values', [isIn('a', 'x'), isIn('a', 'y, x')], ['a In [x]', 'a In [x,y]']],
  [
    'values that look the same side by side',
    [isIn('a', 'x, yz'), isIn('a', 'xy, z'), isIn('a', 'xyz')],
    ['a In [x,yz]', 'a In [xy,z]', 'a In [xyz]'],
  ],
  ['an empty value', [isIn('a', '""'), isIn('a', '"", x')], ['a In []', 'a In [,x]']],
];

for (const [what, written, read] of table) {
  test(`selectors of conditions with ${what} are equal in whatever order they are written`, () => {
    for (const list of [written, written.toReversed()]) {
      assert.deepEqual(conditions(`{matchExpressions: [${list.join(', ')}]}`), read);
    }
  });
}

test('a condition that is written twice, or as a label too, is read once', () => {
  const twice = `{matchLabels: {a: x}, matchExpressions: [${isIn('a', 'x')}, ${isIn('a', 'x, x')}, ${alone('b', 'Exists')}, ${alone('b', 'Exists')}]}`;
  assert.deepEqual(conditions(twice), ['a In [x]', 'b Exists []']);
});

test('labels are conditions in the order of their keys', () => {
  assert.deepEqual(conditions('{matchLabels: {c: x, a: z, b: y}}'), [
    'a In [z]',
    'b In [y]',
    'c In [x]',
  ]);
});
