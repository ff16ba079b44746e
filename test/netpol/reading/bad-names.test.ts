import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicies } from '../../../src/netpol/index.js';

const faultOf = (name: string, namespace = 'shop'): string | null => {
  const text = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: "${name}", namespace: "${namespace}"}, spec: {podSelector: {}}}`;
  return parsePolicies([{ file: null, text }]).problems[0]?.code ?? null;
};

test('the name of a policy is lower case to its end, and ends with a letter or digit', () => {
  for (const name of ['a', 'a-1', 'a.b', '1.a-b.c']) assert.equal(faultOf(name), null, name);
  for (const name of ['a_b', 'aB', 'a-', 'a.b-', 'a b', 'a.', 'a..b', '-a'])
    assert.equal(faultOf(name), 'NAME_INVALID', name);
});

test('the name of a namespace is lower case to its end, and ends with a letter or digit', () => {
  for (const name of ['a_b', 'aB', 'a-', 'a.b', '-a'])
    assert.equal(faultOf('p', name), 'NAMESPACE_INVALID', name);
});
