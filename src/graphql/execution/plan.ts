import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  GraphQLField,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

export type Path = GraphQLResolveInfo['path'];

/** What a value becomes in the answer, or a promise of it. Throws what `locatedError` is made of. */
export type Complete = (run: Run, value: unknown, path: Path) => unknown;

/** One response name of a selection on one object type: all that can be known before it is run. */
export type FieldPlan = {
  readonly responseName: string;
  /** Every place of the document that asks for it; the first one gives the arguments. */
  readonly nodes: readonly FieldNode[];
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  /** Where a run keeps the arguments, which are the same for each row. */
  readonly slot: number;
  readonly isNullable: boolean;
  readonly complete: Complete;
  /** How a property becomes a scalar or enum value; null where the field has a resolver or another type. */
  readonly serialize: ((value: unknown) => unknown) | null;
};

/** The fields of a selection on one object type, in the order of the answer. */
export type Selection = {
  readonly fields: readonly FieldPlan[];
  /** Some field is named `__proto__`, which a plain object would not take for a name. */
  readonly hasProto: boolean;
};

/** One operation of a document, made ready for its variables of `@skip` and `@include`. */
export type Plan = {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
  /** The values that `@skip` and `@include` ask for. */
  readonly conditions: Variables;
  /** Of an object type, merged over all nodes that select it; remembered by whoever asks. */
  readonly selectionOf: (type: GraphQLObjectType, nodes: readonly FieldNode[]) => Selection;
};

/** One run of a plan. */
export type Run = {
  readonly plan: Plan;
  readonly variables: Variables;
  readonly context: unknown;
  /** By the slots of fields; filled as fields are reached. */
  readonly args: Readonly<Record<string, unknown>>[];
  /** Grows while the run goes on. */
  readonly errors: GraphQLError[];
};

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { then?: unknown }).then === 'function';

/** What resolvers are told beside their arguments. */
export const infoOf = (
  { plan, variables }: Run,
  { definition, nodes, parentType }: Pick<FieldPlan, 'definition' | 'nodes' | 'parentType'>,
  path: Path,
): GraphQLResolveInfo => ({
  fieldName: definition.name,
  fieldNodes: nodes,
  returnType: definition.type,
  parentType,
  path,
  schema: plan.schema,
  fragments: plan.fragments,
  rootValue: undefined,
  operation: plan.operation,
  variableValues: variables as Record<string, unknown>,
});
