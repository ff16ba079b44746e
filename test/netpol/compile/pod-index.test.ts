import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCidr } from '../../../src/netpol/addresses/block.js';
import type { PodIndex } from '../../../src/netpol/compile/pod-index.js';
import {
  type Change,
  compile,
  EVERYTHING,
  type Facts,
  type Selector,
  withChange,
} from '../../../src/netpol/index.js';
import { facts, labelled, named, namespace, pod } from '../evaluation/build.js';

const COUNT = 16;
const TEAMS = new Map([
  ['n1', 'few'],
  ['n8', 'few'],
  ['n10', 'few'],
]);

/** Two pods in each of `n0` to `n15`; those of the last namespace are the first classes. */
function wide(): PodIndex {
  const names = Array.from({ length: COUNT }, (_, place) => `n${place}`);
  const pods = names
    .toReversed()
    .flatMap(name => ['x', 'y'].map(app => pod(`${name}/${app}`, { labels: { app } })));
  const namespaces = names.map(name => namespace(name, { team: TEAMS.get(name) ?? 'many' }));
  return compile(facts({ pods, namespaces }), []).engine.index;
}

const WIDE: readonly (readonly [string, Selector | null, Selector, readonly number[]])[] = [
  ['all pods of few namespaces', labelled({ team: 'few' }), EVERYTHING, [10, 11, 14, 15, 28, 29]],
  ['some pods of few namespaces', labelled({ team: 'few' }), labelled({ app: 'y' }), [11, 15, 29]],
  ['one namespace', named('n8'), EVERYTHING, [14, 15]],
  ['no namespace', named('gone'), EVERYTHING, []],
  ['the own namespace', null, EVERYTHING, [10, 11]],
  ['some pods of the own namespace', null, labelled({ app: 'x' }), [10]],
  ['no pod of the own namespace', null, labelled({ app: 'z' }), []],
];

for (const [title, namespaces, pods, expected] of WIDE) {
  test(`classes are selected in ascending order, wherever their namespaces stand: ${title}`, () => {
    assert.deepEqual([...wide().select(namespaces, 'n10', pods)], expected);
  });
}

test('many namespaces and all of them are searched for their pods in ascending order', () => {
  const index = wide();
  const even = Array.from({ length: COUNT }, (_, place) => place * 2);
  assert.deepEqual([...index.select(EVERYTHING, 'n0', labelled({ app: 'x' }))], even);
  assert.deepEqual(
    [...index.select(labelled({ team: 'many' }), 'n0', labelled({ app: 'x' }))],
    even.filter(id => ![10, 14, 28].includes(id)),
  );
});

const small: Facts = facts({
  pods: [
    pod('shop/a', { addresses: ['10.0.0.1'] }),
    pod('shop/b', { addresses: ['10.0.0.1'] }),
    pod('data/c'),
  ],
  namespaces: [namespace('shop', { team: 'one' }), namespace('data')],
});

const BLOCK = parseCidr('10.0.0.0/8');

/** All that the index finds, asked for once. */
const seen = (index: PodIndex) => ({
  everywhere: [...index.select(EVERYTHING, 'shop', EVERYTHING)],
  labelled: [...index.select(EVERYTHING, 'shop', labelled({ app: 'b' }))],
  named: [...index.select(labelled({ team: 'one' }), 'data', EVERYTHING)],
  own: [...index.select(null, 'shop', EVERYTHING)],
  block: BLOCK && [...index.within(BLOCK)],
  inhabited: index.inhabited,
  sizes: [...index.sizes],
  withoutAddress: index.withoutAddress,
  hosts: index.hosts,
});

const AT_FIRST = {
  everywhere: [0, 1, 2],
  labelled: [1],
  named: [0, 1],
  own: [0, 1],
  block: [0, 1],
  inhabited: [0, 1, 2],
  sizes: [1, 1, 1],
  withoutAddress: [2],
  hosts: [],
};

const CHANGES: readonly (readonly [string, Change, Partial<typeof AT_FIRST>])[] = [
  [
    'its last pod has gone',
    { pods: { remove: ['shop/b'] } },
    {
      everywhere: [0, 2],
      labelled: [],
      named: [0],
      own: [0],
      block: [0],
      inhabited: [0, 2],
      sizes: [1, 0, 1],
    },
  ],
  [
    'a pod of its own has come',
    { pods: { put: [pod('shop/d')] } },
    {
      everywhere: [0, 1, 2, 3],
      named: [0, 1, 3],
      own: [0, 1, 3],
      inhabited: [0, 1, 2, 3],
      sizes: [1, 1, 1, 1],
      withoutAddress: [2, 3],
    },
  ],
  [
    'one came and the other went',
    { pods: { put: [pod('shop/d')], remove: ['data/c'] } },
    {
      everywhere: [0, 1, 3],
      named: [0, 1, 3],
      own: [0, 1, 3],
      inhabited: [0, 1, 3],
      sizes: [1, 1, 0, 1],
      withoutAddress: [3],
    },
  ],
  [
    'a twin has come',
    { pods: { put: [pod('shop/b2', { labels: { app: 'b' }, addresses: ['10.0.0.2'] })] } },
    { sizes: [1, 2, 1] },
  ],
];

for (const [title, change, expected] of CHANGES) {
  test(`a class is found as long as it has pods: ${title}`, () => {
    const before = compile(small, []);
    const now = withChange(before, change);
    assert.equal(now.engine.index.registry, before.engine.index.registry);
    assert.deepEqual(seen(now.engine.index), { ...AT_FIRST, ...expected });
    // Asked only now, when the classes that both share have become more.
    assert.deepEqual(seen(before.engine.index), AT_FIRST);
  });
}

test('the first of several pods with one key is found by it', () => {
  const pods = [pod('shop/a'), pod('shop/b'), pod('shop/a', { labels: { app: 'z' } })];
  const { index } = compile(facts({ pods }), []).engine;
  assert.equal(index.podOfKey('shop/a'), 0);
  assert.equal(index.podOfKey('shop/b'), 1);
  assert.equal(index.podOfKey('shop/c'), undefined);
  assert.deepEqual([...index.classOf], [0, 1, 2]);
});
