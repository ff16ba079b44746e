import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
} from 'graphql';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/**
 * Whether the field that is being resolved was asked for a field below it, so that a join may be spared.
 * Looks through fragments of every type, and minds `@skip` and `@include`.
 * @param path names of fields, from the field that is being resolved downwards
 */
export function isSelected(info: Info, ...path: readonly string[]): boolean {
  const chosen = path.reduce(
    (fields, name) => fieldsBelow(info, fields).filter(field => field.name.value === name),
    info.fieldNodes,
  );
  return chosen.length > 0;
}

/** Whether the field that is being resolved was asked for this field below it, and for no other. */
export const asksNothingBut = (info: Info, name: string): boolean =>
  fieldsBelow(info, info.fieldNodes).every(
    field => field.name.value === name || field.name.value === '__typename',
  );

/** Whether the page that is being resolved was asked for a cursor. */
export const needsCursors = (info: Info): boolean =>
  isSelected(info, 'edges') || isSelected(info, 'pageInfo');

/**
 * Names of the fields that the nodes of the page that is being resolved were asked for, whatever their type.
 * @param path from a node downwards, to what is asked about instead; empty where it is not selected
 */
export function fieldsOfNodes(info: Info, ...path: readonly string[]): ReadonlySet<string> {
  const page = fieldsBelow(info, info.fieldNodes);
  const edges = page.filter(({ name }) => name.value === 'edges');
  const nodes = [
    ...page.filter(({ name }) => name.value === 'nodes'),
    ...fieldsBelow(info, edges).filter(({ name }) => name.value === 'node'),
  ];
  const chosen = path.reduce<readonly FieldNode[]>(
    (fields, name) => fieldsBelow(info, fields).filter(field => field.name.value === name),
    nodes,
  );
  return new Set(fieldsBelow(info, chosen).map(({ name }) => name.value));
}

function fieldsBelow(info: Info, fields: readonly FieldNode[]): readonly FieldNode[] {
  // A fragment is entered once: spreads of spreads would double with every level.
  const entered = new Set<string>();
  const fieldsOf = (selection: SelectionNode): readonly FieldNode[] => {
    if (!isIncluded(info.variableValues, selection)) return [];
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return selection.selectionSet.selections.flatMap(fieldsOf);
    const { value } = selection.name;
    if (entered.has(value)) return [];
    entered.add(value);
    return (info.fragments[value]?.selectionSet.selections ?? []).flatMap(fieldsOf);
  };
  return fields.flatMap(field => field.selectionSet?.selections ?? []).flatMap(fieldsOf);
}

/** Whether `@skip` and `@include` leave a selection in. */
export function isIncluded(
  variableValues: Info['variableValues'] | Readonly<Record<string, unknown>>,
  node: SelectionNode,
): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variableValues);
  return skip?.['if'] !== true && include?.['if'] !== false;
}
