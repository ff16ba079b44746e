import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { buildSchema } from 'graphql';
import { MAY_ASK } from '../access/role-table.js';

test('the table of roles has every root field of the schema, and no other', async () => {
  const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap(root =>
    Object.keys(root?.getFields() ?? {}).map(field => `${root?.name}.${field}`),
  );
  assert.deepEqual([...MAY_ASK.keys()].toSorted(), fields.toSorted());
});
