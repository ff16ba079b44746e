import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  visit,
} from 'graphql';
import { type ApiError, badInput } from '../query/api-error.js';
import { unstorableIn } from '../query/storable.js';
import { ofDocument } from './of-document.js';

/** Values of variables inside of one another; no input of the schema has a tenth of it. */
const DEEPEST = 100;

type Spot = {
  readonly value: unknown;
  /** Null: anything, as in Json. */
  readonly type: GraphQLInputType | null;
  readonly path: string;
  readonly depth: number;
};

/** Texts that hold many records or documents: what one of them has is a problem of that one. */
const CARRIERS: ReadonlySet<string> = new Set(['FlowRecord']);
const CARRYING_FIELDS: ReadonlySet<string> = new Set([
  'IngestFlowsInput.records',
  'ImportInventoryInput.manifests',
  'ManifestFile.text',
]);

const bare = (type: GraphQLInputType | null): GraphQLInputType | null =>
  isNonNullType(type) ? type.ofType : type;

const isCarrier = (type: GraphQLInputType | null): boolean =>
  type !== null && 'name' in type && CARRIERS.has(type.name);

function within(spot: Spot, type: GraphQLInputType | null): readonly Spot[] {
  if (typeof spot.value !== 'object' || spot.value === null) return [];
  const fields = isInputObjectType(type) ? type.getFields() : {};
  const name = isInputObjectType(type) ? type.name : '';
  const item = isListType(type) ? type.ofType : null;
  const depth = spot.depth + 1;
  return Object.entries(spot.value)
    .filter(([key]) => !CARRYING_FIELDS.has(`${name}.${key}`))
    .map(([key, value]) => ({
      value,
      type: item ?? fields[key]?.type ?? null,
      path: `${spot.path}.${key}`,
      depth,
    }));
}

const refusal = (path: string, found: string): ApiError =>
  badInput(`\`${path.toWellFormed().replaceAll('\0', '\ufffd')}\` holds ${found}`);

const badKey = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (Object.keys(value)
        .map(unstorableIn)
        .find(found => found !== null) ?? null)
    : null;

const faultAt = ({ value, path, depth }: Spot): ApiError | null => {
  if (depth > DEEPEST) return refusal(path.slice(0, 100), `values ${DEEPEST} levels deep`);
  const found = typeof value === 'string' ? unstorableIn(value) : badKey(value);
  return found === null ? null : refusal(path, found);
};

function faultOfVariables(spots: Spot[]): ApiError | null {
  for (let spot = spots.pop(); spot !== undefined; spot = spots.pop()) {
    const type = bare(spot.type);
    const fault = isCarrier(type) && spot.depth <= DEEPEST ? null : faultAt(spot);
    if (fault !== null) return fault;
    if (!isCarrier(type)) for (const inner of within(spot, type)) spots.push(inner);
  }
  return null;
}

/** What a text of the document holds that cannot be stored; null: nothing. */
const unstorableLiteral = ofDocument((document): string | null => {
  let first: string | null = null;
  visit(document, {
    StringValue: ({ value }) => {
      first ??= unstorableIn(value);
    },
  });
  return first;
});

function faultOfLiterals(document: DocumentNode): ApiError | null {
  const found = unstorableLiteral(document);
  return found === null ? null : badInput(`a text of the document holds ${found}`);
}

/** Why values of a document cannot be asked for or stored; null: they can. */
export function faultOfTexts(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): ApiError | null {
  const spots = (operation.variableDefinitions ?? []).map(({ variable, type }): Spot => {
    const known = typeFromAST(schema, type as never);
    const name = variable.name.value;
    return {
      value: variables[name],
      type: isInputType(known) ? known : null,
      path: `$${name}`,
      depth: 0,
    };
  });
  return faultOfVariables(spots) ?? faultOfLiterals(document);
}
