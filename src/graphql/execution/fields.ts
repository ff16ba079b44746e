import { getArgumentValues, locatedError, responsePathAsArray } from 'graphql';
import { type FieldPlan, infoOf, isPromise, type Path, type Run, type Selection } from './plan.js';

type Values = Record<string, unknown>;

const NO_ARGUMENTS = Object.freeze({});

/** The same for every row of one run. @throws GraphQLError for arguments that the variables leave out */
function argumentsOf({ args, variables }: Run, { definition, nodes, slot }: FieldPlan) {
  const known = args[slot];
  if (known !== undefined) return known;
  const [node] = nodes;
  const read =
    definition.args.length === 0 || node === undefined
      ? NO_ARGUMENTS
      : Object.freeze(getArgumentValues(definition, node, variables));
  args[slot] = read;
  return read;
}

/** As graphql-js does for fields without a resolver: a property, or what it answers if it is a function. */
function propertyOf(run: Run, field: FieldPlan, source: unknown, path: Path): unknown {
  if ((typeof source !== 'object' && typeof source !== 'function') || source === null)
    return undefined;
  const held = (source as Values)[field.definition.name];
  return typeof held === 'function'
    ? held.call(source, argumentsOf(run, field), run.context, infoOf(run, field, path))
    : held;
}

const resolved = (run: Run, field: FieldPlan, source: unknown, path: Path): unknown => {
  const { resolve } = field.definition;
  return resolve === undefined
    ? propertyOf(run, field, source, path)
    : resolve(source, argumentsOf(run, field), run.context, infoOf(run, field, path));
};

type Failing = Pick<FieldPlan, 'nodes' | 'isNullable'>;

/** "Handling field errors": null where that is allowed, else the error of the field around it. */
function failed(run: Run, { nodes, isNullable }: Failing, thrown: unknown, path: Path): null {
  const error = locatedError(thrown, nodes, responsePathAsArray(path));
  if (!isNullable) throw error;
  run.errors.push(error);
  return null;
}

/** A value, or what a promise of it becomes, with its errors handled. */
export function completed(
  run: Run,
  field: Failing & Pick<FieldPlan, 'complete'>,
  value: unknown,
  path: Path,
): unknown {
  try {
    const done = isPromise(value)
      ? value.then(awaited => field.complete(run, awaited, path))
      : field.complete(run, value, path);
    return isPromise(done)
      ? done.then(undefined, thrown => failed(run, field, thrown, path))
      : done;
  } catch (thrown) {
    return failed(run, field, thrown, path);
  }
}

/**
 * The value of a field that is a property and a scalar: most of a long list is made of them, and where all is well they
 * need no path. Undefined: whatever is unusual, which is done step by step.
 */
function plainly({ serialize, isNullable, definition }: FieldPlan, source: unknown): unknown {
  if (serialize === null || typeof source !== 'object' || source === null) return undefined;
  const held = (source as Values)[definition.name];
  if (held === null || held === undefined) return isNullable ? null : undefined;
  if (typeof held === 'object' || typeof held === 'function') return undefined;
  try {
    return serialize(held) ?? undefined;
  } catch {
    return undefined;
  }
}

function executeField(
  run: Run,
  field: FieldPlan,
  source: unknown,
  above: Path | undefined,
): unknown {
  const plain = plainly(field, source);
  if (plain !== undefined) return plain;
  const path: Path = { prev: above, key: field.responseName, typename: field.parentType.name };
  let value: unknown;
  try {
    value = resolved(run, field, source, path);
  } catch (thrown) {
    return failed(run, field, thrown, path);
  }
  return completed(run, field, value, path);
}

/** An error that ends an object or a list while parts of it are still awaited: those come to their end first. */
export function rejectedAfter(
  pending: readonly Promise<unknown>[],
  error: unknown,
): Promise<never> {
  if (pending.length === 0) throw error;
  return Promise.allSettled(pending).then(() => {
    throw error;
  });
}

const emptyFor = ({ hasProto }: Selection): Values => (hasProto ? Object.create(null) : {});

/** The fields of one object; a promise only where some field is one. */
export function executeFields(
  run: Run,
  selection: Selection,
  source: unknown,
  path: Path | undefined,
): Values | Promise<Values> {
  const values = emptyFor(selection);
  const pending: Promise<void>[] = [];
  const keep = (name: string, value: Promise<unknown>): Promise<void> =>
    value.then(done => {
      values[name] = done;
    });
  try {
    for (const field of selection.fields) {
      const value = executeField(run, field, source, path);
      // A promise holds the place of its value, so that the order of names is that of the document.
      values[field.responseName] = value;
      if (isPromise(value)) pending.push(keep(field.responseName, value));
    }
  } catch (error) {
    return rejectedAfter(pending, error);
  }
  return pending.length === 0 ? values : Promise.all(pending).then(() => values);
}

/** The fields of a mutation, one after the other. */
export async function executeSerially(run: Run, selection: Selection): Promise<Values> {
  const values = emptyFor(selection);
  for (const field of selection.fields)
    values[field.responseName] = await executeField(run, field, undefined, undefined);
  return values;
}
