import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelIndex, selects } from '../../../src/netpol/compile/select.js';
import {
  compile,
  EVERYTHING,
  type Labels,
  type Peer,
  type Selector,
  SelectorOperator,
  withChange,
} from '../../../src/netpol/index.js';
import { facts, labelled, networkPolicy, pod } from '../evaluation/build.js';

const requirement = (key: string, operator: SelectorOperator, ...values: string[]): Selector => ({
  requirements: [{ key, operator, values }],
});

const SELECTORS: readonly Selector[] = [
  EVERYTHING,
  labelled({ app: 'x' }),
  labelled({ app: 'x', tier: 'front' }),
  requirement('app', SelectorOperator.IN, 'x', 'y'),
  requirement('tier', SelectorOperator.EXISTS),
  requirement('tier', SelectorOperator.DOES_NOT_EXIST),
  requirement('app', SelectorOperator.NOT_IN, 'x'),
];

/** Items that come together. */
const STEPS: readonly (readonly Labels[])[] = [
  [{ app: 'y' }, { app: 'x' }],
  [{ app: 'x', tier: 'front' }],
  [{ tier: 'back' }, { app: 'x' }, { app: 'x', tier: 'front' }],
  [{}],
  [{ app: 'z' }, { app: 'y', tier: 'front' }],
];

const selected = (items: readonly Labels[], selector: Selector): readonly number[] =>
  items.flatMap((labels, at) => (selects(selector, labels) ? [at] : []));

test('what was asked before is found among items that have come since', () => {
  const items: Labels[] = [];
  const index = labelIndex(items);
  for (const step of STEPS) {
    items.push(...step);
    for (const selector of SELECTORS) {
      assert.deepEqual([...index.select(selector)], selected(items, selector));
    }
  }
});

test('what was never asked before is found among items that came after other questions', () => {
  for (const [place, selector] of SELECTORS.entries()) {
    const items: Labels[] = [{ app: 'y' }];
    const index = labelIndex(items);
    const other = requirement(`never ${place}`, SelectorOperator.EXISTS);
    for (const step of STEPS) {
      assert.deepEqual([...index.select(other)], []);
      items.push(...step);
    }
    assert.deepEqual([...index.select(selector)], selected(items, selector));
  }
});

test('a policy that is put after new pods came names them by a selector that was asked before', () => {
  const peer: Peer = { kind: 'pods', namespaces: EVERYTHING, pods: labelled({ app: 'x' }) };
  const policy = (name: string) => networkPolicy({ name, ingress: [{ peers: [peer] }] });
  const other = pod('bank/o', { labels: { app: 'y' } });
  const one = (place: number) => pod(`bank/p${place}`, { labels: { app: 'x', place: `${place}` } });
  const before = compile(facts({ pods: [other, one(1)] }), [policy('old')]);
  const more = withChange(before, { pods: { put: [pod('shop/new'), one(2), one(3)] } });
  const now = withChange(more, { policies: { put: [policy('new')] } });
  assert.equal(now.engine.index.registry, before.engine.index.registry);
  assert.deepEqual(
    now.engine.policies.map(({ policy: { name }, rules }) => [
      name,
      rules.INGRESS?.flatMap(({ pods }) => pods.map(({ classes }) => [...classes])),
    ]),
    [
      ['old', [[1, 3, 4]]],
      ['new', [[1, 3, 4]]],
    ],
  );
});

const WORN: readonly Labels[] = [
  { app: 'x', tier: 'front', rare: 'yes' },
  { app: 'x', tier: 'front' },
  { app: 'x' },
  { app: 'y', tier: 'back' },
  {},
];

/** Labels that tell when somebody asks whether they have a key. */
const watched = (labels: Labels, tell: () => void): Labels =>
  new Proxy(labels, {
    getOwnPropertyDescriptor: (target, key) => {
      tell();
      return Object.getOwnPropertyDescriptor(target, key);
    },
  });

/** Which items a selector looks at, once the index knows all their labels. */
function lookedAt(selector: Selector): readonly number[] {
  const found = new Set<number>();
  const index = labelIndex(WORN.map((labels, at) => watched(labels, () => found.add(at))));
  index.select(labelled({ nobody: 'has this' }));
  found.clear();
  index.select(selector);
  return [...found];
}

const both = (...selectors: readonly Selector[]): Selector => ({
  requirements: selectors.flatMap(({ requirements }) => requirements),
});

const app = labelled({ app: 'x' });
const front = labelled({ tier: 'front' });
const hasApp = requirement('app', SelectorOperator.EXISTS);
const hasTier = requirement('tier', SelectorOperator.EXISTS);
const hasRare = requirement('rare', SelectorOperator.EXISTS);
const notY = requirement('app', SelectorOperator.NOT_IN, 'y');

const LOOKS: readonly (readonly [string, Selector, readonly number[]])[] = [
  ['those with a value', app, [0, 1, 2]],
  ['those with one of several values', requirement('tier', SelectorOperator.IN, 'back'), [3]],
  ['those with a key', hasTier, [0, 1, 3]],
  ['the rarer value, which comes last', both(app, front), [0, 1]],
  ['the rarer value, which comes first', both(front, app), [0, 1]],
  ['the rarer value, beside a key of several values', both(hasApp, front), [0, 1]],
  ['the rarer value, before a key of several values', both(front, hasApp), [0, 1]],
  ['the rarer key', both(app, hasRare, hasTier), [0]],
  ['a value, before what must not be', both(front, notY), [0, 1]],
  ['a value, after what must not be', both(notY, front), [0, 1]],
  ['all, where something only must not be', notY, [0, 1, 2, 3, 4]],
];

for (const [title, selector, expected] of LOOKS) {
  test(`a selector looks only at the items that its rarest requirement names: ${title}`, () => {
    assert.deepEqual(lookedAt(selector), expected);
  });
}
