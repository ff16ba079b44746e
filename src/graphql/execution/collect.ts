import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { isIncluded } from '../selection.js';
import type { Variables } from './plan.js';

type Source = {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly conditions: Variables;
};

type Condition = { readonly typeCondition?: FragmentDefinitionNode['typeCondition'] | undefined };

function fits(
  schema: GraphQLSchema,
  { typeCondition }: Condition,
  type: GraphQLObjectType,
): boolean {
  if (typeCondition === undefined) return true;
  const asked = typeFromAST(schema, typeCondition);
  return asked === type || (isAbstractType(asked) && schema.isSubType(asked, type));
}

/**
 * "CollectFields" of the GraphQL specification: the nodes of each response name, in the order in which the names
 * are first met. Each fragment is entered once.
 */
export function collectFields(
  source: Source,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const entered = new Set<string>();
  const { schema, fragments, conditions } = source;
  const add = (node: FieldNode): void => {
    const name = node.alias?.value ?? node.name.value;
    const nodes = fields.get(name);
    if (nodes === undefined) fields.set(name, [node]);
    else nodes.push(node);
  };
  const take = (selection: SelectionNode): void => {
    if (!isIncluded(conditions, selection)) return;
    if (selection.kind === Kind.FIELD) add(selection);
    else if (selection.kind === Kind.FRAGMENT_SPREAD) enter(selection.name.value);
    else if (fits(schema, selection, type)) selection.selectionSet.selections.forEach(take);
  };
  const enter = (name: string): void => {
    if (entered.has(name)) return;
    entered.add(name);
    const fragment = fragments[name];
    if (fragment !== undefined && fits(schema, fragment, type))
      fragment.selectionSet.selections.forEach(take);
  };
  for (const { selections } of sets) selections.forEach(take);
  return fields;
}
