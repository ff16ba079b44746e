import {
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { completed, executeFields, rejectedAfter } from './fields.js';
import {
  type Complete,
  type FieldPlan,
  infoOf,
  isPromise,
  type Plan,
  type Selection,
} from './plan.js';

/** The field whose value is completed, or of whose list the items are. */
type Field = Pick<FieldPlan, 'nodes' | 'definition' | 'parentType'>;

const named = ({ parentType, definition }: Field): string =>
  `${parentType.name}.${definition.name}`;

/** "CompleteValue" of the GraphQL specification, with all that the type alone decides being decided here. */
export function completerOf(plan: Plan, type: GraphQLOutputType, field: Field): Complete {
  if (!isNonNullType(type)) return orNull(completerOfNullable(plan, type, field));
  const inner = completerOf(plan, type.ofType, field);
  const message = `Cannot return null for non-nullable field ${named(field)}.`;
  return (run, value, path) => {
    const done = inner(run, value, path);
    if (done === null) throw new Error(message);
    return done;
  };
}

const orNull =
  (complete: Complete): Complete =>
  (run, value, path) => {
    if (value === null || value === undefined) return null;
    if (value instanceof Error) throw value;
    return complete(run, value, path);
  };

function completerOfNullable(plan: Plan, type: GraphQLOutputType, field: Field): Complete {
  if (isLeafType(type)) return leaf(type);
  if (isListType(type)) return list(completerOf(plan, type.ofType, field), type.ofType, field);
  if (isObjectType(type)) return object(plan, type, field);
  if (isAbstractType(type)) return abstract(plan, type, field);
  throw new Error(`\`${named(field)}\` has a type that nothing can be completed to`);
}

const leaf =
  (type: GraphQLLeafType): Complete =>
  (_run, value) => {
    const written = type.serialize(value);
    if (written === null || written === undefined)
      throw new Error(`\`${type.name}\` has no form for a value that a resolver gave`);
    return written;
  };

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

function list(complete: Complete, itemType: GraphQLOutputType, field: Field): Complete {
  const item = { nodes: field.nodes, isNullable: !isNonNullType(itemType), complete };
  const message = `Expected Iterable, but did not find one for field "${named(field)}".`;
  return (run, value, path) => {
    if (!isIterable(value)) throw new GraphQLError(message);
    const items: unknown[] = [];
    const pending: Promise<unknown>[] = [];
    try {
      for (const one of value) {
        const place = { prev: path, key: items.length, typename: undefined };
        const done = completed(run, item, one, place);
        if (isPromise(done)) pending.push(done);
        items.push(done);
      }
    } catch (error) {
      return rejectedAfter(pending, error);
    }
    return pending.length === 0 ? items : Promise.all(items);
  };
}

function object(plan: Plan, type: GraphQLObjectType, field: Field): Complete {
  let selection: Selection | undefined;
  const { isTypeOf } = type;
  if (isTypeOf === undefined || isTypeOf === null)
    return (run, value, path) => {
      selection ??= plan.selectionOf(type, field.nodes);
      return executeFields(run, selection, value, path);
    };
  const message = `Expected value of type "${type.name}" at ${named(field)}, which this value is not.`;
  return (run, value, path) => {
    selection ??= plan.selectionOf(type, field.nodes);
    const known = selection;
    const go = (fits: boolean) => {
      if (!fits) throw new GraphQLError(message, { nodes: field.nodes });
      return executeFields(run, known, value, path);
    };
    const fits = isTypeOf(value, run.context, infoOf(run, field, path));
    return isPromise(fits) ? fits.then(go) : go(fits);
  };
}

function abstract(plan: Plan, type: GraphQLAbstractType, field: Field): Complete {
  const completers = new Map<unknown, Complete>();
  const completerFor = (name: unknown): Complete => {
    const known = completers.get(name);
    if (known !== undefined) return known;
    const made = object(plan, possibleType(plan, type, name, field), field);
    completers.set(name, made);
    return made;
  };
  const { resolveType } = type;
  if (resolveType === undefined || resolveType === null)
    throw new Error(`\`${type.name}\` has no \`resolveType\``);
  return (run, value, path) => {
    const name = resolveType(value, run.context, infoOf(run, field, path), type);
    return isPromise(name)
      ? name.then(told => completerFor(told)(run, value, path))
      : completerFor(name)(run, value, path);
  };
}

/** @throws GraphQLError where `resolveType` names no object type of the union or interface */
function possibleType(
  { schema }: Plan,
  type: GraphQLAbstractType,
  name: unknown,
  field: Field,
): GraphQLObjectType {
  const told = typeof name === 'string' ? schema.getType(name) : undefined;
  if (isObjectType(told) && schema.isSubType(type, told)) return told;
  throw new GraphQLError(
    `\`${String(name)}\` is no object type that \`${type.name}\` can be at \`${named(field)}\``,
    { nodes: field.nodes },
  );
}
