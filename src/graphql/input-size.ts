import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { ofDocument } from './of-document.js';

/** Objects and lists of what variables hold, and what stands in them. */
function sizeOfValue(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + sizeOfValue(one), 1);
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, one) => sum + sizeOfValue(one), 1);
}

function sizeOfLiteral(node: ValueNode): number {
  if (node.kind === Kind.LIST) return node.values.reduce((sum, one) => sum + sizeOfLiteral(one), 1);
  if (node.kind !== Kind.OBJECT) return 1;
  return node.fields.reduce((sum, { value }) => sum + sizeOfLiteral(value), 1);
}

/** What variables hold where a request leaves them out. */
export const defaultsOf = ({
  variableDefinitions = [],
}: OperationDefinitionNode): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined
        ? []
        : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
    ),
  );

const sizeOfLiterals = ofDocument(document => {
  let size = 0;
  visit(document, {
    Argument: ({ value }) => {
      size += sizeOfLiteral(value);
      return false;
    },
  });
  return size;
});

/**
 * How many values a document is given as arguments, in its text and in its variables: a filter of 30,000 conditions
 * is read by Postgres once for every row. A variable counts once, however often it is used.
 * @param variables with what stands for those that the request leaves out
 */
export function inputSizeOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  let size = sizeOfLiterals(document);
  for (const { variable } of operation.variableDefinitions ?? [])
    size += sizeOfValue(variables[variable.name.value]);
  return size;
}
