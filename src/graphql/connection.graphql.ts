import {
  ArgsType,
  type ClassType,
  Field,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from 'type-graphql';
import { OrderDirection } from '../query/keyset.js';
import {
  DEFAULT_PAGE,
  LARGEST_COUNT,
  LARGEST_PAGE,
  type Page,
  type PageArguments,
  type PageInfo,
} from '../query/page.js';

@ObjectType('PageInfo', { description: 'Where a page stands in its list.' })
export class PageInfoType implements PageInfo {
  @Field(() => Boolean, { description: 'Whether something follows the page' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether something precedes the page' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first edge; null for an empty page',
  })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last edge; null for an empty page',
  })
  readonly endCursor!: string | null;
}

/** `@Args(() => PageArgumentsType) page: PageArgumentsType` gives a field its paging arguments. */
@ArgsType()
export class PageArgumentsType implements PageArguments {
  @Field(() => Int, {
    nullable: true,
    description: `How many from the start; ${DEFAULT_PAGE} when neither is given, at most ${LARGEST_PAGE}`,
  })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what follows this cursor' })
  readonly after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many from the end; at most ${LARGEST_PAGE}`,
  })
  readonly last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what precedes this cursor' })
  readonly before?: string | null;
}

/** Of an argument `first` that is as large as it may be where it is not given. */
export const FIRST_OF_MOST = {
  defaultValue: LARGEST_PAGE,
  description: `How many from the start, at most ${LARGEST_PAGE}`,
} as const;

/** `@Args(() => FirstArgumentType) { first }: FirstArgumentType` bounds a list that is no connection. */
@ArgsType()
export class FirstArgumentType {
  @Field(() => Int, {
    defaultValue: DEFAULT_PAGE,
    description: `How many from the start, at most ${LARGEST_PAGE}`,
  })
  readonly first!: number;
}

/**
 * The object type `NAMEConnection` with its `NAMEEdge`, for a field that answers a `Page`.
 * Call it once for each node type.
 */
export function connectionOf<N extends object>(name: string, node: () => ClassType<N>) {
  @ObjectType(`${name}Edge`, { description: `One ${name} of a page, with its cursor.` })
  class Edge {
    @Field(() => String, { description: 'For `after` and `before`' })
    readonly cursor!: string;

    @Field(node, { description: 'What stands here' })
    readonly node!: N;
  }

  @ObjectType(`${name}Connection`, {
    description: `A page of a list of ${name}.`,
    // Some fields of a `Page` are functions, as graphql-js takes them.
    simpleResolvers: true,
  })
  class Connection {
    @Field(() => [node()], { description: 'The page without cursors' })
    readonly nodes!: N[];

    @Field(() => [Edge], { description: 'The page with cursors' })
    readonly edges!: Edge[];

    @Field(() => PageInfoType, { description: 'Where the page stands in the list' })
    readonly pageInfo!: PageInfo;

    readonly count!: Page<N>['count'];

    @Field(() => Int, {
      nullable: true,
      description: `Exact up to ${LARGEST_COUNT}, beyond that null; counted only when asked for`,
    })
    totalCount(): number | null | Promise<number | null> {
      return this.count();
    }
  }

  return Connection;
}

registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which end of an order comes first.',
  valuesConfig: {
    ASC: { description: 'Smallest or earliest first' },
    DESC: { description: 'Greatest or latest first' },
  },
});

/**
 * The input type `NAMEOrder { field, direction }`.
 * @param fields an enum that `registerEnumType` knows
 */
export function orderOf<F extends Record<string, string>>(name: string, fields: F) {
  @InputType(`${name}Order`, { description: `The order of a list of ${name}.` })
  class Order {
    @Field(() => fields, { description: 'What the list is ordered by' })
    readonly field!: F[keyof F];

    @Field(() => OrderDirection, {
      defaultValue: OrderDirection.ASC,
      description: 'Which end comes first',
    })
    readonly direction!: OrderDirection;
  }
  return Order;
}
