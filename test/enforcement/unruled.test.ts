import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointOf } from '../../src/enforcement/endpoint.js';

const cannotOf = (entity: string): string | undefined => {
  const end = endpointOf({
    id: '00000000-0000-4000-8000-000000000001',
    kind: 'EXTERNAL',
    name: entity,
    address: null,
    cidr: null,
    dnsName: null,
    entity,
    reason: null,
  });
  return end.kind === 'unresolved' ? end.unruled?.cannot : undefined;
};

test('why no rule can name what a source names in the place of an address is said of each', () => {
  const said: Readonly<Record<string, RegExp>> = {
    world: /word of the source/,
    'world-ipv4': /word of the source/,
    ingress: /own ingress/,
    'private-network': /Calico's word/,
    'networkset/shop/partners': /network set/,
    'east/shop/api': /another cluster/,
  };
  for (const [entity, cannot] of Object.entries(said)) assert.match(cannotOf(entity) ?? '', cannot);
  assert.equal(cannotOf('something'), undefined);
});
