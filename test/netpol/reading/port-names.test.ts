import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicies } from '../../../src/netpol/index.js';

const hintFor = (name: string): string | null | undefined => {
  const spec = `{podSelector: {}, ingress: [{ports: [{port: "${name}"}]}]}`;
  const text = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: ${spec}}`;
  return parsePolicies([{ file: null, text }]).problems[0]?.hint;
};

test('a number in quotes is cured by leaving them out, any other wrong name by another', () => {
  for (const name of ['80', '8080']) assert.equal(hintFor(name), 'write the number without quotes');
  for (const name of ['Web80', '80-', '80/tcp', '-80', ''])
    assert.equal(hintFor(name), 'write the name of a container port, such as `http`', name);
  assert.equal(hintFor('web80'), undefined);
});
