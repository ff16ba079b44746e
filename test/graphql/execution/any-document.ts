import fc from 'fast-check';
import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
} from 'graphql';

const FRAGMENT = 'Part';

/** Directives that leave a selection in or out: by variables of the operation, or by what they say themselves. */
const condition = fc.constantFrom(
  ...['', '', '', ' @skip(if: $no)', ' @include(if: $yes)', ' @include(if: false)'],
  ...[' @skip(if: $maybe)', ' @include(if: $maybe)'],
);

/** Written alike wherever the arguments are alike, so that two places of one name are always the same field. */
const writtenOf = ({ name, args }: GraphQLField<unknown, unknown>) =>
  fc.constantFrom(
    ...[name, name, `other_${name}: ${name}`, `__proto__${name === 'text' ? '' : name}: ${name}`],
    ...(args.length === 0
      ? []
      : [`two_${name}: ${name}(size: 2)`, `any_${name}: ${name}(size: $size)`]),
  );

function fieldText(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  depth: number,
): fc.Arbitrary<string> {
  const type = getNamedType(field.type);
  const inner = isCompositeType(type) ? selectionText(schema, type, depth - 1) : fc.constant('');
  return fc
    .tuple(writtenOf(field), condition, inner)
    .map(([written, directive, below]) => `${written}${directive} ${below}`);
}

const partsOf = (schema: GraphQLSchema, type: GraphQLCompositeType, depth: number) =>
  isAbstractType(type)
    ? schema
        .getPossibleTypes(type)
        .map(possible =>
          fc
            .tuple(condition, selectionText(schema, possible, depth - 1))
            .map(([directive, inner]) => `... on ${possible.name}${directive} ${inner}`),
        )
    : [];

function selectionText(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  depth: number,
): fc.Arbitrary<string> {
  const fields = isUnionType(type) ? [] : Object.values(type.getFields());
  const chosen = fields.filter(field => depth > 0 || !isCompositeType(getNamedType(field.type)));
  const spread = type.name === 'Thing' ? [fc.constant(`...${FRAGMENT}`)] : [];
  const some = [
    fc.constant('__typename'),
    ...chosen.map(field => fieldText(schema, field, depth)),
    ...(depth > 0 ? partsOf(schema, type, depth) : []),
    ...spread,
  ];
  return fc
    .array(fc.oneof(...some), { minLength: 1, maxLength: 5 })
    .map(parts => `{ ${parts.join(' ')} }`);
}

/** A document with one operation over the whole schema; valid except where the schema forbids two fields to merge. */
export function anyDocument(schema: GraphQLSchema, operation: 'query' | 'mutation') {
  const root = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
  const thing = schema.getType('Thing');
  if (!isObjectType(root) || !isObjectType(thing)) throw new Error('the schema has no such type');
  const variables =
    '$yes: Boolean! = true, $no: Boolean! = false, $maybe: Boolean!, $size: Int = 1';
  return fc
    .tuple(
      selectionText(schema, root, 4),
      fc.constant(
        `fragment ${FRAGMENT} on Thing { text any_sum: sum(size: $size) other_text: text }`,
      ),
    )
    .map(([inner, fragment]) => `${operation} Any(${variables}) ${inner} ${fragment}`);
}
