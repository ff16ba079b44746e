import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
  type ValueNode,
} from 'graphql';
import { ApiError, ErrorCode } from '../query/api-error.js';
import { DEFAULT_PAGE } from '../query/page.js';
import { manyConditionsIn } from './filter-conditions.js';
import { defaultsOf, inputSizeOf } from './input-size.js';
import { faultOfTexts } from './input-texts.js';

/** What one document may ask for. */
export type Limits = {
  /** Levels of fields inside one another. */
  readonly depth: number;
  readonly aliases: number;
  /** Of the document's text; counted by the parser. */
  readonly tokens: number;
  readonly cost: number;
  /** Values that a query gives as arguments, those in variables among them; mutations carry data and are bound by bytes. */
  readonly input: number;
  /** Of fields that cost more than 1, by `Type.field`; `__schema` and `__type` stand for themselves. */
  readonly fieldCosts: Readonly<Record<string, number>>;
  /** How long lists may be that are no connections, by `Type.field`: so often what reads more than its row is read below them. */
  readonly listSizes: Readonly<Record<string, number>>;
  /** Of each condition in an argument `filter` beyond ten, each time that its field is answered. */
  readonly conditionCost: number;
};

export const DEFAULT_LIMITS: Limits = {
  depth: 15,
  aliases: 50,
  tokens: 5_000,
  cost: 50_000,
  input: 2_000,
  fieldCosts: {},
  listSizes: {},
  conditionCost: 0,
};

/** How long a list is taken to be that is no connection. */
const LIST_SIZE = 10;

export type Checked = {
  /** The cost of the operation; 0 when it could not be read. */
  readonly cost: number;
  /** Why it must not run, or null. */
  readonly refusal: ApiError | null;
};

type Variables = Readonly<Record<string, unknown>>;

type Measure = {
  readonly cost: number;
  /** What of the cost is of pages and of fields that read more than their row. */
  readonly reads: number;
  readonly depth: number;
  readonly aliases: number;
};

const ZERO: Measure = { cost: 0, reads: 0, depth: 0, aliases: 0 };

type Walk = {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** A fragment is measured once: spreads of spreads would double with every level. */
  readonly measured: Map<string, Measure>;
  readonly variables: Variables;
} & Pick<Limits, 'fieldCosts' | 'listSizes' | 'conditionCost'>;

/**
 * The cost of the operation, and whether it is within the limits. The formula: every field costs 1, or what
 * `fieldCosts` says, for each time that it may be answered. Below a connection that is `first` or `last` times (50 where neither
 * is given), below another list as often as `ids` has entries or as `first` says, of each of the `kinds`, else 10 times; pages and what else reads more than its row as
 * often as `listSizes` says. Filters of more than ten conditions cost more beside. Of introspection `__schema` and `__type` alone cost.
 * Conditions (`@skip`, `@include`) and types are not looked at: each branch counts.
 *
 * @param document valid by the schema
 */
export function checkDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  request: { readonly variables: Variables; readonly operationName: string | null },
  limits: Limits,
): Checked {
  const operation = getOperationAST(document, request.operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return { cost: 0, refusal: null };
  const fault = faultOfTexts(schema, document, operation, request.variables);
  if (fault !== null) return { cost: 0, refusal: fault };
  const walk: Walk = {
    schema,
    fragments: new Map(
      document.definitions.flatMap(one =>
        one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
      ),
    ),
    measured: new Map(),
    variables: { ...defaultsOf(operation), ...request.variables },
    ...limits,
  };
  const measure = ofSelections(walk, operation.selectionSet, root, null);
  const input =
    operation.operation === 'mutation' ? 0 : inputSizeOf(document, operation, walk.variables);
  return { cost: measure.cost, refusal: refusalOf(measure, input, limits) };
}

function refusalOf(
  { cost, depth, aliases }: Measure,
  input: number,
  limits: Limits,
): ApiError | null {
  const excess =
    depth > limits.depth
      ? `fields are ${depth} levels deep, more than ${limits.depth}`
      : aliases > limits.aliases
        ? `the document has ${aliases} aliases, more than ${limits.aliases}`
        : cost > limits.cost
          ? `the document costs ${cost}, more than ${limits.cost}; ask for smaller pages or fewer fields`
          : input > limits.input
            ? `the arguments hold ${input} values, more than ${limits.input}; ask with shorter filters`
            : null;
  return excess === null ? null : new ApiError(ErrorCode.COST_EXCEEDED, excess);
}

/** What is beyond counting stays a number. */
const bounded = (cost: number): number => Math.min(cost, Number.MAX_SAFE_INTEGER);

const sum = (left: Measure, right: Measure): Measure => ({
  cost: bounded(left.cost + right.cost),
  reads: bounded(left.reads + right.reads),
  depth: Math.max(left.depth, right.depth),
  aliases: left.aliases + right.aliases,
});

/** @param pageSize of the connection whose fields these are; null elsewhere */
const ofSelections = (
  walk: Walk,
  { selections }: SelectionSetNode,
  parent: GraphQLCompositeType,
  pageSize: number | null,
): Measure => selections.map(one => ofSelection(walk, one, parent, pageSize)).reduce(sum, ZERO);

function ofSelection(
  walk: Walk,
  selection: SelectionNode,
  parent: GraphQLCompositeType,
  pageSize: number | null,
): Measure {
  if (selection.kind === Kind.FIELD) return ofField(walk, selection, parent, pageSize);
  if (selection.kind === Kind.FRAGMENT_SPREAD)
    return ofFragment(walk, selection.name.value, pageSize);
  const on = selection.typeCondition && typeFromAST(walk.schema, selection.typeCondition);
  return ofSelections(walk, selection.selectionSet, isCompositeType(on) ? on : parent, pageSize);
}

function ofFragment(walk: Walk, name: string, pageSize: number | null): Measure {
  const key = `${name} ${pageSize ?? ''}`;
  const known = walk.measured.get(key);
  if (known !== undefined) return known;
  const fragment = walk.fragments.get(name);
  const on = fragment && typeFromAST(walk.schema, fragment.typeCondition);
  if (fragment === undefined || !isCompositeType(on)) return ZERO;
  const measure = ofSelections(walk, fragment.selectionSet, on, pageSize);
  walk.measured.set(key, measure);
  return measure;
}

function ofField(
  walk: Walk,
  node: FieldNode,
  parent: GraphQLCompositeType,
  pageSize: number | null,
): Measure {
  const aliases = node.alias === undefined ? 0 : 1;
  if (node.name.value.startsWith('__'))
    return { ...ZERO, cost: walk.fieldCosts[node.name.value] ?? 0, aliases };
  const definition = definitionOf(parent, node.name.value);
  const type = definition && getNamedType(definition.type);
  const own = ownCost(walk, node, parent);
  if (definition === undefined || !isCompositeType(type) || node.selectionSet === undefined)
    return { cost: own, reads: own > 1 ? own : 0, depth: 1, aliases };
  const inner = isConnection(type) ? sizeOfConnection(walk, node) : null;
  const below = ofSelections(walk, node.selectionSet, type, inner);
  const times = timesOf(walk, node, definition, pageSize);
  const often = walk.listSizes[`${parent.name}.${node.name.value}`] ?? times;
  const reads = bounded(often * below.reads);
  const cost = bounded(own + times * (below.cost - below.reads) + reads);
  return {
    cost,
    reads: own > 1 || inner !== null ? cost : reads,
    depth: 1 + below.depth,
    aliases: aliases + below.aliases,
  };
}

function ownCost(walk: Walk, node: FieldNode, parent: GraphQLCompositeType): number {
  const own = walk.fieldCosts[`${parent.name}.${node.name.value}`] ?? 1;
  const filter = node.arguments?.find(({ name }) => name.value === 'filter');
  const conditions = filter === undefined ? 0 : manyConditionsIn(filter.value, walk.variables);
  return own + Math.ceil(conditions * walk.conditionCost);
}

const definitionOf = (parent: GraphQLCompositeType, name: string) =>
  isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;

const isConnection = (type: GraphQLCompositeType): boolean =>
  isObjectType(type) && type.name.endsWith('Connection') && 'pageInfo' in type.getFields();

function timesOf(
  walk: Walk,
  node: FieldNode,
  { type, args }: GraphQLField<unknown, unknown>,
  pageSize: number | null,
): number {
  if (!isListType(getNullableType(type))) return 1;
  const ids = argumentOf(walk, node, 'ids');
  if (pageSize !== null) return pageSize;
  return Array.isArray(ids) ? ids.length : (firstOf(walk, node, args) ?? LIST_SIZE);
}

/** How many of a list that is no connection are asked for, of each kind where it has several; null where that cannot be said. */
function firstOf(
  walk: Walk,
  node: FieldNode,
  args: GraphQLField<unknown, unknown>['args'],
): number | null {
  const standard = args.find(({ name }) => name === 'first')?.defaultValue;
  const first = argumentOf(walk, node, 'first') ?? standard;
  if (typeof first !== 'number' || first < 0) return null;
  const kinds = args.find(({ name }) => name === 'kinds');
  if (kinds === undefined) return first;
  const given = argumentOf(walk, node, 'kinds');
  const kind = getNamedType(kinds.type);
  const all = isEnumType(kind) ? kind.getValues().length : 1;
  return first * (Array.isArray(given) ? given.length : all);
}

function sizeOfConnection(walk: Walk, node: FieldNode): number {
  const size = argumentOf(walk, node, 'first') ?? argumentOf(walk, node, 'last');
  return typeof size === 'number' && size >= 0 ? size : DEFAULT_PAGE;
}

/** The value of an argument: a number, a list, or null when it is neither or is not given. */
function argumentOf({ variables }: Walk, node: FieldNode, name: string): unknown {
  const value: ValueNode | undefined = node.arguments?.find(one => one.name.value === name)?.value;
  switch (value?.kind) {
    case Kind.VARIABLE:
      return variables[value.name.value] ?? null;
    case Kind.INT:
      return Number(value.value);
    case Kind.LIST:
      return value.values;
    default:
      return null;
  }
}
