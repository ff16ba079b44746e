// The contract as clients read it that take no answer with errors: root fields that only an error makes null are never null.
import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLNonNull } from 'graphql';

/** Look-ups, whose null is an answer: there is nothing of that name. */
const LOOK_UPS = new Set([
  'baseline',
  'cluster',
  'deployment',
  'explain',
  'networkGraph',
  'networkGraphDiff',
  'node',
  'policySet',
]);

// biome-ignore lint/style/noDefaultExport: GraphQL Code Generator takes a loader's default export
export default function clientSchema(path) {
  const schema = buildSchema(readFileSync(path, 'utf8'));
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type.getFields()))
      if (!LOOK_UPS.has(field.name)) field.type = new GraphQLNonNull(field.type);
  return schema;
}
