import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { PageArgumentsType } from '../graphql/connection.graphql.js';
import { LabelSelectorInput } from '../graphql/filter.graphql.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { type Problem, Severity } from '../netpol/index.js';
import { decodeId, encodeId } from '../query/node-id.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import type { Caller, Names } from './caller.js';
import type { CreateTokenInput, CreateTokenOutcome } from './create-token.js';
import { Role } from './role.js';
import { scopesOf } from './scope.js';
import type { Token } from './token.js';
import { TOKEN_ORDER, type TokenStore } from './token.store.js';
import { TokenConnection, TokenType, ViewerType } from './token-type.graphql.js';

@InputType('CreateTokenInput', { description: 'What a new token is good for.' })
class CreateTokenInputType {
  @Field(() => String, { description: 'By which people know it' })
  readonly name!: string;

  @Field(() => [Role], { description: 'What may be done with it' })
  readonly roles!: Role[];

  @Field(() => [String], {
    nullable: true,
    defaultValue: null,
    description: 'Names of clusters; null: every cluster, those to come among them',
  })
  readonly clusters!: string[] | null;

  @Field(() => [String], {
    nullable: true,
    defaultValue: null,
    description: 'Names of namespaces in each of them; null: every namespace',
  })
  readonly namespaces!: string[] | null;

  @Field(() => LabelSelectorInput, {
    nullable: true,
    defaultValue: null,
    description: 'On the labels that workloads of them have now; null: every workload',
  })
  readonly selector!: LabelSelectorInput | null;

  @Field(() => Int, {
    defaultValue: 90,
    description: 'Days from now after which it ends by itself, from 1 to 365',
  })
  readonly expiresInDays!: number;
}

@ObjectType('CreateTokenPayload', { description: 'The new token.' })
class CreateTokenPayload {
  @Field(() => TokenType, { nullable: true, description: 'Null when nothing was done' })
  readonly token!: Token | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its text, to be sent as `Authorization: Bearer …`; it is told this once only',
  })
  readonly secret!: string | null;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was done' })
  readonly problems!: readonly ProblemType[];
}

@InputType('RevokeTokenInput', { description: 'Which token.' })
class RevokeTokenInput {
  @Field(() => ID, { description: 'Id of the token' })
  readonly id!: string;
}

@ObjectType('RevokeTokenPayload', { description: 'The token that is good no longer.' })
class RevokeTokenPayload {
  @Field(() => TokenType, { nullable: true, description: 'Null when nothing was done' })
  readonly token!: Token | null;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was done' })
  readonly problems!: readonly ProblemType[];
}

type Context = {
  readonly caller: Caller;
  readonly tokensChanged: () => void;
  readonly stores: { readonly tokens: TokenStore };
  readonly useCases: {
    readonly createToken: (input: CreateTokenInput) => Promise<CreateTokenOutcome>;
  };
};

const namesOf = (names: readonly string[] | null): Names => names ?? 'ALL';

const notThere = (): Problem => ({
  code: 'NOT_FOUND',
  severity: Severity.ERROR,
  message: 'there is no such token',
  path: 'id',
  place: null,
  hint: 'see `tokens` for their ids',
});

@Resolver(() => TokenType)
export class TokenResolver {
  @Query(() => ViewerType, { description: 'Who asks, and what they may do' })
  viewer(@Ctx() { caller }: Context): ViewerType {
    return { name: caller.name, roles: caller.roles, scopes: scopesOf(caller) };
  }

  @Query(() => TokenConnection, {
    description: 'All tokens, revoked ones among them; the newest first',
  })
  async tokens(
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Ctx() { stores }: Context,
  ): Promise<Page<Token>> {
    const request = pageRequest(page, TOKEN_ORDER);
    const rows = await stores.tokens.page(request);
    return pageOf(request, rows, async () => totalCountOf(await stores.tokens.count()));
  }

  @Mutation(() => CreateTokenPayload, {
    description:
      'Creates a token. Nobody gives more than they have. From the first token on nobody is answered without one.',
  })
  async createToken(
    @Arg('input', () => CreateTokenInputType, { description: 'What it is good for' })
    { clusters, namespaces, ...input }: CreateTokenInputType,
    @Ctx() { useCases, tokensChanged }: Context,
  ): Promise<CreateTokenPayload> {
    const asked = { ...input, clusters: namesOf(clusters), namespaces: namesOf(namespaces) };
    const { problems, ...outcome } = await useCases.createToken(asked);
    tokensChanged();
    return { ...outcome, problems: problems.map(problemOf) };
  }

  @Mutation(() => RevokeTokenPayload, {
    description:
      'Ends a token for good, on all replicas within a moment. Again it changes nothing.',
  })
  async revokeToken(
    @Arg('input', () => RevokeTokenInput, { description: 'Which token' }) { id }: RevokeTokenInput,
    @Ctx() { stores, tokensChanged }: Context,
  ): Promise<RevokeTokenPayload> {
    const key = decodeId(id);
    const rowId = key?.type === 'Token' ? key.rowId : null;
    const token = rowId === null ? null : await stores.tokens.revoke(rowId);
    tokensChanged();
    return { token, problems: token === null ? [problemOf(notThere())] : [] };
  }

  @FieldResolver(() => ID, { description: 'The same as long as the token is kept' })
  id(@Root() { id }: Token): string {
    return encodeId('Token', 0, id);
  }

  @FieldResolver(() => [String], {
    description: 'Where it may be used: `CLUSTER/NAMESPACE`, with `*` for all; at least one holds',
  })
  scopes(@Root() token: Token): readonly string[] {
    return scopesOf(token);
  }
}
