import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import {
  Arg,
  Args,
  buildSchema,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { connectionOf, PageArgumentsType } from '../../src/graphql/connection.graphql.js';
import { findNodeBy, NodeResolver, NodeType } from '../../src/graphql/node.graphql.js';
import { ProblemType, problemOf } from '../../src/graphql/problem.graphql.js';
import {
  BigIntScalar,
  CidrScalar,
  DateTimeScalar,
  IpAddressScalar,
  JsonScalar,
  PortScalar,
  TimeBoundScalar,
  YamlScalar,
} from '../../src/graphql/scalars.graphql.js';
import { ApiError } from '../../src/query/api-error.js';
import { encodeId } from '../../src/query/node-id.js';
import { type Page, pageOf, pageRequest } from '../../src/query/page.js';

type Thing = { readonly id: string; readonly name: string; readonly cursorKey: readonly string[] };

export type TinyContext = { readonly caller: string };

const ROW = '00000000-0000-4000-8000-000000000001';
export const THING_ID = encodeId('Thing', 1, ROW);

const thing = (name: string): Thing => ({ id: THING_ID, name, cursorKey: [name] });

@ObjectType('Thing', { implements: NodeType })
class ThingType extends NodeType {
  @Field(() => String)
  readonly name!: string;
}

const ThingConnection = connectionOf('Thing', () => ThingType);

@ObjectType('Echo')
class Echo {
  @Field(() => DateTimeScalar, { nullable: true })
  readonly moment?: string | null;

  @Field(() => TimeBoundScalar, { nullable: true })
  readonly bound?: string | null;

  @Field(() => BigIntScalar, { nullable: true })
  readonly whole?: bigint | null;

  @Field(() => CidrScalar, { nullable: true })
  readonly cidr?: string | null;

  @Field(() => IpAddressScalar, { nullable: true })
  readonly ip?: string | null;

  @Field(() => PortScalar, { nullable: true })
  readonly port?: number | null;

  @Field(() => YamlScalar, { nullable: true })
  readonly yaml?: string | null;

  @Field(() => JsonScalar, { nullable: true })
  readonly json?: unknown;
}

async function* countTo(count: number) {
  for (let tick = 1; tick <= count; tick += 1) yield tick;
}

/** How many endless subscriptions were ended by their clients. */
export const ended = { count: 0 };

/** One event, and then nothing until somebody ends it. */
function forever(): AsyncIterableIterator<number> {
  const { promise: end, resolve } = Promise.withResolvers<IteratorResult<number>>();
  let begun = false;
  return {
    next: () => {
      if (begun) return end;
      begun = true;
      return Promise.resolve({ done: false, value: 1 });
    },
    return: async () => {
      ended.count += 1;
      resolve({ done: true, value: undefined });
      return end;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

@Resolver(() => ThingType)
class TinyResolver {
  @Query(() => ThingConnection)
  things(@Args(() => PageArgumentsType) page: PageArgumentsType): Page<Thing> {
    const order = [{ expression: 'name', type: 'text', direction: 'ASC' }] as const;
    return pageOf(pageRequest(page, order), [thing('a'), thing('b')], () => 2);
  }

  @Query(() => [ThingType])
  list(@Arg('ids', () => [ID], { nullable: true }) ids?: string[]): readonly Thing[] {
    return (ids ?? ['a']).map(thing);
  }

  @FieldResolver(() => ThingConnection)
  children(
    @Root() _thing: Thing,
    @Args(() => PageArgumentsType) page: PageArgumentsType,
  ): Page<Thing> {
    return this.things(page);
  }

  @FieldResolver(() => [ThingType])
  kin(): readonly Thing[] {
    return [thing('k')];
  }

  @Query(() => Echo)
  echo(
    @Arg('json', () => JsonScalar, { nullable: true }) json: unknown,
    @Arg('moment', () => DateTimeScalar, { nullable: true }) moment: string,
    @Arg('whole', () => BigIntScalar, { nullable: true }) whole: bigint,
    @Arg('port', () => PortScalar, { nullable: true }) port: number,
  ): Echo {
    return { json, moment, whole, port };
  }

  @Query(() => Echo)
  echoText(
    @Arg('bound', () => TimeBoundScalar, { nullable: true }) bound: string,
    @Arg('cidr', () => CidrScalar, { nullable: true }) cidr: string,
    @Arg('ip', () => IpAddressScalar, { nullable: true }) ip: string,
    @Arg('yaml', () => YamlScalar, { nullable: true }) yaml: string,
  ): Echo {
    return { bound, cidr, ip, yaml };
  }

  @Query(() => String)
  long(@Arg('length', () => Int) length: number): string {
    return 'a'.repeat(length);
  }

  @Query(() => String, { nullable: true })
  fail(@Arg('kind', () => String) kind: string): string | null {
    if (kind === 'ours') throw new ApiError('NOT_FOUND', 'no cluster `x`', { cluster: 'x' });
    if (kind === 'bug') throw new Error('password=secret');
    return null;
  }

  @Query(() => Int)
  notWhole(): number {
    return 1.5;
  }

  @Query(() => String)
  async slow(@Arg('ms', () => Int) ms: number): Promise<string> {
    await new Promise(resolve => setTimeout(resolve, ms));
    return 'done';
  }

  @Query(() => String)
  caller(@Ctx() { caller }: TinyContext): string {
    return caller;
  }

  @Query(() => [ProblemType])
  problems(): readonly ProblemType[] {
    const facts = { code: 'BAD_CIDR', severity: 'ERROR', message: 'm', path: null } as const;
    return [problemOf({ ...facts, hint: 'h', place: { file: 'a.yaml', line: 3, column: 5 } })];
  }

  @Mutation(() => Boolean)
  change(): boolean {
    return true;
  }

  @Subscription(() => Int, {
    subscribe: ({ args }) => (args['count'] === 0 ? forever() : countTo(args['count'])),
  })
  ticks(@Root() tick: number, @Arg('count', () => Int) _count: number): number {
    if (tick === 13) throw new Error('password=secret');
    return tick;
  }
}

const nowhere = {
  publish: () => undefined,
  subscribe: () => forever(),
};

/** A schema of the tests' own that has everything that the vocabulary offers. */
export function tinySchema(): Promise<GraphQLSchema> {
  const instances = new Map<unknown, object>([
    [TinyResolver, new TinyResolver()],
    [NodeResolver, new NodeResolver(findNodeBy({ Thing: async () => thing('found') }))],
  ]);
  return buildSchema({
    resolvers: [TinyResolver, NodeResolver],
    orphanedTypes: [ThingType],
    container: { get: resolver => instances.get(resolver) },
    pubSub: nowhere,
    validate: false,
  });
}
