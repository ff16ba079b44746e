import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels, Requirement } from '../../../src/netpol/index.js';
import { leastLabels } from '../../../src/netpol/list/future-labels.js';

const FRESH = 'weirgate-some-other-value';

const within = (key: string, ...values: readonly string[]): Requirement => ({
  key,
  operator: 'In',
  values,
});
const without = (key: string, ...values: readonly string[]): Requirement => ({
  key,
  operator: 'NotIn',
  values,
});
const present = (key: string): Requirement => ({ key, operator: 'Exists', values: [] });
const absent = (key: string): Requirement => ({ key, operator: 'DoesNotExist', values: [] });

const digits = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, place) => `${place}`);

type Least = {
  readonly title: string;
  readonly requirements: readonly Requirement[];
  readonly labels: readonly Labels[];
};

const LEAST: readonly Least[] = [
  {
    title: 'a label that must be there has the value that is asked for, in either order',
    requirements: [present('app'), within('app', 'web')],
    labels: [{ app: 'web' }],
  },
  {
    title: 'of many values those stay that other conditions leave',
    requirements: [within('app', ...digits(10)), without('app', ...digits(9))],
    labels: [{ app: '9' }],
  },
  {
    title: 'a label may be named as a member of every object is',
    requirements: [within('constructor', 'web')],
    labels: [{ constructor: 'web' }],
  },
  { title: 'no requirement needs no label', requirements: [], labels: [{}] },
  {
    title: 'a value that is asked for is the label',
    requirements: [within('app', 'web')],
    labels: [{ app: 'web' }],
  },
  {
    title: 'each of several values is tried by itself',
    requirements: [within('app', 'api', 'web')],
    labels: [{ app: 'api' }, { app: 'web' }],
  },
  {
    title: 'values of two keys are tried each with each',
    requirements: [within('app', 'api', 'web'), within('tier', 'a', 'b')],
    labels: [
      { app: 'api', tier: 'a' },
      { app: 'api', tier: 'b' },
      { app: 'web', tier: 'a' },
      { app: 'web', tier: 'b' },
    ],
  },
  {
    title: 'two lists for one key leave the values that are in both',
    requirements: [within('app', 'api', 'web'), within('app', 'cart', 'web')],
    labels: [{ app: 'web' }],
  },
  {
    title: 'a key that must be there has a value that no policy knows',
    requirements: [present('app')],
    labels: [{ app: FRESH }],
  },
  {
    title: 'a key that must be there keeps the value that is asked for beside it',
    requirements: [within('app', 'web'), present('app'), present('tier')],
    labels: [{ app: 'web', tier: FRESH }],
  },
  {
    title: 'values that are shut out and keys that must be missing need no label',
    requirements: [without('app', 'web'), absent('tier')],
    labels: [{}],
  },
  {
    title: 'a value that another requirement shuts out is not tried',
    requirements: [within('app', 'api', 'web'), without('app', 'web')],
    labels: [{ app: 'api' }],
  },
  {
    title: 'a key that must be there and missing is a contradiction',
    requirements: [present('app'), absent('app')],
    labels: [],
  },
  {
    title: 'a value of a key that must be missing is a contradiction',
    requirements: [absent('app'), within('app', 'web')],
    labels: [],
  },
  {
    title: 'eight values are tried, and none beyond them',
    requirements: [within('app', ...digits(9))],
    labels: digits(8).map(app => ({ app })),
  },
  {
    title: 'eight pairs of values are tried, and none beyond them',
    requirements: [within('app', 'a', 'b'), within('tier', ...digits(5))],
    labels: [
      ...digits(5).map(tier => ({ app: 'a', tier })),
      ...digits(3).map(tier => ({ app: 'b', tier })),
    ],
  },
];

for (const { title, requirements, labels } of LEAST) {
  test(`of the least labels that meet a selector, ${title}`, () => {
    assert.deepEqual(leastLabels({ requirements }), labels);
  });
}
