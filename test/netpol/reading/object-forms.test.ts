import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicies, readObjects } from '../../../src/netpol/index.js';

const read = (...texts: readonly string[]) =>
  readObjects(texts.map((text, index) => ({ file: `${index}`, text })));

const kindsIn = (text: string): readonly string[] =>
  read(text).objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);

const codesIn = (...texts: readonly string[]): readonly string[] =>
  read(...texts).problems.map(({ code, place }) => `${code} in ${place?.file}`);

test('a kind that ends with List and has no items is an object like others', () => {
  assert.deepEqual(kindsIn('{"apiVersion":"example.com/v1","kind":"AllowList","spec":{}}'), [
    'example.com/v1 AllowList',
  ]);
});

test('a List without items is an empty one', () => {
  assert.deepEqual(kindsIn('{"apiVersion":"v1","kind":"List"}'), []);
});

test('an object of another kind may have items of its own', () => {
  const item = '{"apiVersion":"v1","kind":"Pod"}';
  assert.deepEqual(kindsIn(`{"apiVersion":"example.com/v1","kind":"Order","items":[${item}]}`), [
    'example.com/v1 Order',
  ]);
});

test('items of a typed list get what they lack of its version and kind', () => {
  const items = [{}, { kind: 'Pod' }, { apiVersion: 'v1' }, { kind: 'Node', apiVersion: 'v2' }];
  const { objects } = read(JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items }));
  const pod = { apiVersion: 'v1', kind: 'Pod' };
  assert.deepEqual(
    objects.map(({ value }) => value),
    [pod, pod, pod, { apiVersion: 'v2', kind: 'Node' }],
  );
  assert.deepEqual(
    objects.map(({ kind }) => kind),
    ['Pod', 'Pod', 'Pod', 'Node'],
  );
});

test('an object that names its version and kind stays as written, member by member', () => {
  const text = '{"metadata":{"name":"a"},"kind":"Pod","spec":{},"apiVersion":"v1"}';
  assert.equal(JSON.stringify(read(text).objects[0]?.value), text);
});

test('an empty version or kind makes no Kubernetes object', () => {
  for (const [version, kind] of [
    ['', 'Pod'],
    ['v1', ''],
    ['', ''],
  ]) {
    const text = JSON.stringify({ apiVersion: version, kind });
    assert.deepEqual(kindsIn(text), []);
    assert.deepEqual(codesIn(text), ['NOT_A_KUBERNETES_OBJECT in 0']);
  }
});

test('an empty name or namespace is none', () => {
  const [object] = read(
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"","namespace":""}}',
  ).objects;
  assert.deepEqual([object?.name, object?.namespace], [null, null]);
});

test('the character U+0000 is found in each file, beside files that do not hold it', () => {
  const good =
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"x":[1,true,null]}}';
  const bad = good.replace('"x"', '"x\\u0000"');
  assert.deepEqual(codesIn(good, bad, good), ['NUL_CHARACTER in 1']);
  assert.equal(read(good, bad, good).objects.length, 2);
});

test('two policies of one name in a text without a file are told by their lines', () => {
  const policy =
    '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {}}';
  const { problems } = parsePolicies([{ file: null, text: `${policy}\n---\n${policy}` }]);
  assert.deepEqual(
    problems.map(({ message }) => message),
    ['NetworkPolicy `p` replaces the one of the same name in line 1'],
  );
});
