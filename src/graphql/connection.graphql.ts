import {
  ArgsType,
  type ClassType,
  Field,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from 'type-graphql';
import { OrderDirection } from './keyset.js';
import {
  DEFAULT_PAGE,
  LARGEST_COUNT,
  LARGEST_PAGE,
  type Page,
  type PageArguments,
  type PageInfo,
} from './page.js';

@ObjectType('PageInfo')
export class PageInfoType implements PageInfo {
  @Field(() => Boolean)
  readonly hasNextPage!: boolean;

  @Field(() => Boolean)
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true })
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

/**
 * The object type `NAMEConnection` with its `NAMEEdge`, for a field that answers a `Page`.
 * Call it once for each node type.
 */
export function connectionOf<N extends object>(name: string, node: () => ClassType<N>) {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String)
    readonly cursor!: string;

    @Field(node)
    readonly node!: N;
  }

  @ObjectType(`${name}Connection`)
  class Connection {
    @Field(() => [node()])
    readonly nodes!: N[];

    @Field(() => [Edge])
    readonly edges!: Edge[];

    @Field(() => PageInfoType)
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

registerEnumType(OrderDirection, { name: 'OrderDirection' });

/**
 * The input type `NAMEOrder { field, direction }`.
 * @param fields an enum that `registerEnumType` knows
 */
export function orderOf<F extends Record<string, string>>(name: string, fields: F) {
  @InputType(`${name}Order`)
  class Order {
    @Field(() => fields)
    readonly field!: F[keyof F];

    @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC })
    readonly direction!: OrderDirection;
  }
  return Order;
}
