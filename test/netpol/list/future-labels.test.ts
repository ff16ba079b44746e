import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVERYTHING, type Labels, type Requirement } from '../../../src/netpol/index.js';
import {
  leastLabels,
  selectorsOf,
  variantsOf,
  vocabularyOf,
} from '../../../src/netpol/list/future-labels.js';
import {
  adminPolicy,
  block,
  labelled,
  named,
  namespaceNamed,
  networkPolicy,
  podsLabelled,
} from '../evaluation/build.js';

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

test('a vocabulary has each key once, and each value that is shut out once', () => {
  const selectors = [
    { requirements: [within('app', 'web'), without('tier', 'a', 'b')] },
    { requirements: [without('tier', 'b'), without('app', 'b'), present('team'), absent('old')] },
    EVERYTHING,
  ];
  assert.deepEqual(vocabularyOf(selectors), {
    keys: ['app', 'tier', 'team', 'old'],
    shutOut: [
      ['tier', 'a'],
      ['tier', 'b'],
      ['app', 'b'],
    ],
  });
  assert.deepEqual(vocabularyOf([]), { keys: [], shutOut: [] });
});

test('a vocabulary holds sixty-four values that are shut out, and none beyond them', () => {
  const { shutOut } = vocabularyOf([{ requirements: [without('app', ...digits(65))] }]);
  assert.deepEqual(
    shutOut,
    digits(64).map(value => ['app', value]),
  );
});

const words = {
  keys: ['app', 'tier'],
  shutOut: [
    ['app', 'old'],
    ['tier', 'old'],
  ],
} as const;

test('labels are shown by themselves, among every known key, and with each value that is shut out', () => {
  assert.deepEqual(variantsOf({ app: 'web' }, EVERYTHING, words), [
    { app: 'web' },
    { app: 'web', tier: FRESH },
    { app: 'old' },
    { app: 'web', tier: 'old' },
  ]);
  assert.deepEqual(variantsOf({}, EVERYTHING, { keys: [], shutOut: [] }), [{}, {}]);
});

test('a variant that the selector does not mean is left out', () => {
  const web = { requirements: [within('app', 'web')] };
  assert.deepEqual(variantsOf({ app: 'web' }, web, words), [
    { app: 'web' },
    { app: 'web', tier: FRESH },
    { app: 'web', tier: 'old' },
  ]);
  const lone = { requirements: [within('app', 'web'), absent('tier')] };
  assert.deepEqual(variantsOf({ app: 'web' }, lone, words), [{ app: 'web' }]);
});

test('selectors are those of subjects and of peers that are pods, in both directions', () => {
  const policies = [
    networkPolicy({
      pods: labelled({ app: 'api' }),
      ingress: [{ peers: [podsLabelled({ app: 'web' }), block('10.0.0.0/8')] }, {}],
      egress: [{ peers: [namespaceNamed('data')] }],
    }),
    adminPolicy({ namespaces: named('shop') }),
  ];
  assert.deepEqual(selectorsOf(policies), {
    pods: [labelled({ app: 'api' }), EVERYTHING, labelled({ app: 'web' }), EVERYTHING],
    namespaces: [named('shop'), named('data')],
  });
});
