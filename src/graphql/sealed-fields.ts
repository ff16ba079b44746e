import {
  defaultFieldResolver,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** How ids and cursors of answers are written, and those of questions read. */
type Sealing = {
  readonly idOut: (id: string) => string;
  readonly idIn: (id: string) => string;
  readonly cursorOut: (cursor: string) => string;
  readonly cursorIn: (cursor: string) => string;
};

type Args = Readonly<Record<string, unknown>>;
type Change = (text: string) => string;

const isId = (type: GraphQLInputType): boolean => getNamedType(type).name === 'ID';

/** The same of a text, or of each text of a list; null stays. */
const changed = (value: unknown, change: Change): unknown => {
  if (typeof value === 'string') return change(value);
  return Array.isArray(value) ? value.map(one => changed(one, change)) : value;
};

function read(type: GraphQLInputType, value: unknown, change: Change): unknown {
  if (isNonNullType(type)) return read(type.ofType, value, change);
  if (isListType(type) && Array.isArray(value))
    return value.map(one => read(type.ofType, one, change));
  if (isId(type)) return changed(value, change);
  if (!isInputObjectType(type) || typeof value !== 'object' || value === null) return value;
  const fields = type.getFields();
  const entries = Object.entries(value).map(([name, given]) => {
    const field = fields[name];
    return [name, field === undefined ? given : read(field.type, given, change)];
  });
  return Object.assign(Object.create(Object.getPrototypeOf(value)), Object.fromEntries(entries));
}

const CURSOR_ARGUMENTS = ['after', 'before'];

const argumentIn = (arg: GraphQLArgument, value: unknown, sealing: Sealing): unknown =>
  CURSOR_ARGUMENTS.includes(arg.name)
    ? changed(value, sealing.cursorIn)
    : read(arg.type, value, sealing.idIn);

/** Whether an id may stand in a value of the type. */
function holdsId(type: GraphQLInputType, seen: ReadonlySet<string> = new Set()): boolean {
  const named = getNamedType(type);
  if (isId(type)) return true;
  if (!isInputObjectType(named) || seen.has(named.name)) return false;
  const within = new Set([...seen, named.name]);
  return Object.values(named.getFields()).some(field => holdsId(field.type, within));
}

/** A cursor of a page before or after this one, as text; a window's `before` is an object. */
const isCursor = ({ name, type }: GraphQLArgument): boolean =>
  CURSOR_ARGUMENTS.includes(name) && getNamedType(type).name === 'String';

const CURSOR_FIELDS = ['cursor', 'startCursor', 'endCursor'];

function outOf({ name, type }: GraphQLField<unknown, unknown>): 'idOut' | 'cursorOut' | null {
  if (getNamedType(type).name === 'ID') return 'idOut';
  return CURSOR_FIELDS.includes(name) && getNamedType(type).name === 'String' ? 'cursorOut' : null;
}

type Sealed = { readonly sealing: Sealing | null };

function seal(field: GraphQLField<unknown, Sealed>): void {
  const out = outOf(field as GraphQLField<unknown, unknown>);
  const args = field.args.filter(arg => isCursor(arg) || holdsId(arg.type));
  if (out === null && args.length === 0) return;
  const { resolve = defaultFieldResolver, subscribe } = field;
  const askedOf = (given: Args, sealing: Sealing): Args => ({
    ...given,
    ...Object.fromEntries(
      args
        .filter(({ name }) => Object.hasOwn(given, name))
        .map(arg => [arg.name, argumentIn(arg, given[arg.name], sealing)]),
    ),
  });
  if (subscribe !== undefined)
    field.subscribe = (source, given, context, info) => {
      const asked = context.sealing === null ? given : askedOf(given, context.sealing);
      return subscribe(source, asked, context, info);
    };
  field.resolve = (source, given, context, info) => {
    const { sealing } = context;
    if (sealing === null) return resolve(source, given, context, info);
    const asked = askedOf(given, sealing);
    const answer: unknown = resolve(source, asked, context, info);
    if (out === null) return answer;
    return answer instanceof Promise
      ? answer.then(value => changed(value, sealing[out]))
      : changed(answer, sealing[out]);
  };
}

/** Every id and every cursor of the schema goes through the sealing of the context, where there is one. */
export function sealFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) seal(field);
  }
  return schema;
}
