import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { createSchema } from '../../src/schema.js';
import { flow, type Lab, labs } from '../support/lab.js';
import { namespace, policy, workload } from '../support/manifests.js';

const lab = labs();

const isAskable = ({ args }: GraphQLField<unknown, unknown>): boolean =>
  !args.some(isRequiredArgument);

const fieldsOf = (type: GraphQLNamedType): readonly GraphQLField<unknown, unknown>[] =>
  isObjectType(type) || isInterfaceType(type)
    ? Object.values(type.getFields()).filter(isAskable)
    : [];

const isLeaf = ({ type }: GraphQLField<unknown, unknown>): boolean =>
  isLeafType(getNamedType(type));

/** A field with the leaves below it, or the leaves of its nodes. */
function textOf({ name, type }: GraphQLField<unknown, unknown>, depth = 2): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return name;
  if (isUnionType(named)) return `${name} { __typename ... on Deployment { name } }`;
  const below = fieldsOf(named).filter(
    field => isLeaf(field) || (depth > 1 && field.name === 'nodes'),
  );
  return `${name} { __typename ${below.map(field => textOf(field, depth - 1)).join(' ')} }`;
}

const rows = async ({ ask, cluster }: Lab, list: string, fields: string) => {
  const filter = `filter: { cluster: { eq: "${cluster}" } }`;
  const data = await ask(`{ ${list}(first: 10, ${filter}) { nodes { ${fields} } } }`);
  return data[list].nodes;
};

/** Statements read what the document selects, so that a field must not rely on what another one has read. */
for (const [list, typeName] of [
  ['deployments', 'Deployment'],
  ['flows', 'Flow'],
] as const)
  test(`each field of a list of ${list} says alone what it says among all`, async () => {
    const shop = lab(`alone-${list}`);
    await shop.take([
      namespace('shop'),
      workload('Deployment', 'web', { labels: { app: 'web' } }),
      workload('StatefulSet', 'db', { labels: { app: 'db' } }),
      policy('db', { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] }),
    ]);
    await shop.see(flow('shop/web', 'shop/late', 80), flow('shop/web', '203.0.113.7', 443));
    const type = (await createSchema()).getType(typeName);
    const fields = isObjectType(type) ? fieldsOf(type) : [];
    assert.ok(fields.length > 15);
    const all = await rows(shop, list, fields.map(field => textOf(field)).join(' '));
    assert.ok(all.length >= 2);
    for (const field of fields) {
      const alone = await rows(shop, list, textOf(field));
      assert.deepEqual(
        alone,
        all.map((row: object) => ({ [field.name]: row[field.name as keyof object] })),
        field.name,
      );
    }
  });
