import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeByGraphqlJs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isLeafType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql';
import { collectFields } from './collect.js';
import { completerOf } from './complete.js';
import { executeFields, executeSerially } from './fields.js';
import type { FieldPlan, Plan, Run, Selection, Variables } from './plan.js';

/** A plan, and the selection that it begins with. */
type Prepared = { readonly plan: Plan; readonly root: Selection };

/** A document for one schema: what its operations were made into so far. */
type Document = {
  /** Variables that some `@skip` or `@include` names. */
  readonly conditions: readonly string[];
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly prepared: Map<string, Prepared>;
};

/** Plans of one document that are kept: one for each operation and each choice of its conditions. */
const MOST_PLANS = 16;

const documents = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Document>>();

function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

const fragmentsOf = ({ definitions }: DocumentNode): Document['fragments'] =>
  Object.fromEntries(
    definitions.flatMap(one =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );

function documentOf(schema: GraphQLSchema, node: DocumentNode): Document {
  const ofSchema = documents.get(schema) ?? new WeakMap<DocumentNode, Document>();
  documents.set(schema, ofSchema);
  const known = ofSchema.get(node);
  if (known !== undefined) return known;
  const read = {
    conditions: conditionsOf(node),
    fragments: fragmentsOf(node),
    prepared: new Map(),
  };
  ofSchema.set(node, read);
  return read;
}

function definitionOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}

function serializerOf({ resolve, type }: GraphQLField<unknown, unknown>): FieldPlan['serialize'] {
  const leaf = getNullableType(type);
  return resolve === undefined && isLeafType(leaf) ? value => leaf.serialize(value) : null;
}

function planOf(
  schema: GraphQLSchema,
  { fragments }: Document,
  operation: OperationDefinitionNode,
  conditions: Variables,
) {
  let slots = 0;
  const fieldOf = (
    type: GraphQLObjectType,
    [responseName, nodes]: readonly [string, readonly FieldNode[]],
  ): FieldPlan | null => {
    const definition = definitionOf(schema, type, nodes[0]?.name.value ?? '');
    if (definition === undefined) return null;
    slots += 1;
    const field = { responseName, nodes, definition, parentType: type };
    return {
      ...field,
      slot: slots - 1,
      isNullable: !isNonNullType(definition.type),
      complete: completerOf(plan, definition.type, field),
      serialize: serializerOf(definition),
    };
  };
  const selectionOf = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Selection => {
    const collected = [...collectFields(plan, type, sets)];
    const fields = collected.flatMap(entry => fieldOf(type, entry) ?? []);
    return { fields, hasProto: fields.some(({ responseName }) => responseName === '__proto__') };
  };
  const plan: Plan = {
    schema,
    fragments,
    operation,
    conditions,
    selectionOf: (type, nodes) =>
      selectionOf(
        type,
        nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      ),
  };
  return { plan, selectionOf };
}

/** The plan of an operation, made at its first run. Selections within it are made when a value reaches them. */
function preparedOf(
  schema: GraphQLSchema,
  node: DocumentNode,
  {
    operation,
    root,
    variables,
  }: {
    readonly operation: OperationDefinitionNode;
    readonly root: GraphQLObjectType;
    readonly variables: Variables;
  },
): Prepared {
  const document = documentOf(schema, node);
  const conditions = Object.fromEntries(
    document.conditions.map(name => [name, variables[name]] as const),
  );
  const key = JSON.stringify([operation.name?.value, conditions]);
  const known = document.prepared.get(key);
  if (known !== undefined) return known;
  const { plan, selectionOf } = planOf(schema, document, operation, conditions);
  const made = { plan, root: selectionOf(root, [operation.selectionSet]) };
  if (document.prepared.size >= MOST_PLANS) document.prepared.clear();
  document.prepared.set(key, made);
  return made;
}

const resultOf = (
  errors: readonly GraphQLError[],
  data: ExecutionResult['data'],
): ExecutionResult =>
  errors.length === 0 ? { data: data ?? null } : { errors, data: data ?? null };

async function runOf({ plan, root }: Prepared, run: Run): Promise<ExecutionResult> {
  try {
    const data =
      plan.operation.operation === OperationTypeNode.MUTATION
        ? await executeSerially(run, root)
        : await executeFields(run, root, undefined, undefined);
    return resultOf(run.errors, data);
  } catch (error) {
    return resultOf([...run.errors, error as GraphQLError], null);
  }
}

/** Errors of variables that are told at most, as graphql-js has it. */
const MOST_VARIABLE_ERRORS = 50;

/**
 * Runs a query or a mutation as graphql-js's `execute` does, with the same answers and errors, from a plan that is
 * made once for each document (docs/decisions). graphql-js itself answers where the document has no such operation.
 *
 * @param args a document that is valid by the schema; no `rootValue`, no resolvers but those of the schema
 */
export async function execute(
  args: Pick<
    ExecutionArgs,
    'schema' | 'document' | 'operationName' | 'variableValues' | 'contextValue'
  >,
): Promise<ExecutionResult> {
  const { schema, document } = args;
  const operation = getOperationAST(document, args.operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return executeByGraphqlJs(args);
  const { errors, coerced } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    args.variableValues ?? {},
    { maxErrors: MOST_VARIABLE_ERRORS },
  );
  if (coerced === undefined) return { errors: errors ?? [] };
  const prepared = preparedOf(schema, document, { operation, root, variables: coerced });
  return runOf(prepared, {
    plan: prepared.plan,
    variables: coerced,
    context: args.contextValue,
    args: [],
    errors: [],
  });
}
