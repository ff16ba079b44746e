import { Arg, Ctx, Field, ID, InterfaceType, Query, Resolver } from 'type-graphql';
import { badInput } from '../query/api-error.js';
import { decodeId, type NodeKey } from '../query/node-id.js';
import type { RowKey } from '../query/row-key.js';
import { type ByIds, rowLoader } from './node.loader.js';

/** A value of an abstract type carries the name of its object type. */
export type Tagged = { readonly __typename: string };

export const tagged = <T extends object, N extends string>(type: N, value: T) => ({
  ...value,
  __typename: type,
});

/** For `resolveType` of interfaces and unions. */
export const typeNameOf = (value: object): string => (value as Tagged).__typename;

@InterfaceType('Node', {
  description: 'Anything that has an id of its own, the same after a restart or a redeploy.',
  resolveType: typeNameOf,
})
export abstract class NodeType {
  @Field(() => ID, { description: 'Opaque; the same after a restart or a redeploy' })
  readonly id!: string;
}

/** Finds the rows of one type by their keys, in the order asked; null where there is none. */
export type NodeFinder<C> = (key: NodeKey, context: C) => Promise<object | null>;

/** What an id of the API stands for, tagged with its type; null when there is none, or no longer. */
export type FindNode<C> = (id: string, context: C) => Promise<object | null>;

/** @param finders one for each object type that implements Node, by its name */
export const findNodeBy =
  <C>(finders: Readonly<Record<string, NodeFinder<C>>>): FindNode<C> =>
  async (id, context) => {
    const key = decodeId(id);
    if (key === null || !Object.hasOwn(finders, key.type)) return null;
    const found = await finders[key.type]?.(key, context);
    // A finder may say another type: an id leads to what its peer turned out to be.
    return found ? { ...tagged(key.type, found), ...found } : null;
  };

const MOST_IDS = 500;

@Resolver()
export class NodeResolver<C> {
  constructor(private readonly find: FindNode<C>) {}

  @Query(() => NodeType, {
    nullable: true,
    description: 'The object of an id; null when there is none, or no longer',
  })
  node(
    @Arg('id', () => ID, { description: 'As any `id` field returns it' }) id: string,
    @Ctx() context: C,
  ): Promise<object | null> {
    return this.find(id, context);
  }

  @Query(() => [NodeType], {
    nullable: 'items',
    description: 'The objects of some ids, in their order; null where there is none',
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'At most 500, as `id` fields return them' })
    ids: string[],
    @Ctx() context: C,
  ): Promise<readonly (object | null)[]> {
    if (ids.length > MOST_IDS) throw badInput(`\`ids\` has more than ${MOST_IDS} entries`);
    return Promise.all(ids.map(id => this.node(id, context)));
  }
}

/** Finds rows by their keys in the store that the context holds, all that are asked for at once in one statement. */
export function finderOf<C extends object, Row extends RowKey = RowKey>(
  storeOf: (context: C) => ByIds<Row>,
): (key: NodeKey, context: C) => Promise<Row | null> {
  const loaders = new WeakMap<C, ReturnType<typeof rowLoader<Row>>>();
  return async ({ clusterId, rowId }, context) => {
    if (rowId === null) return null;
    const loader = loaders.get(context) ?? rowLoader(storeOf(context));
    loaders.set(context, loader);
    return loader.load({ clusterId, id: rowId });
  };
}
