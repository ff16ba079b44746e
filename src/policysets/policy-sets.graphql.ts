import {
  Args,
  ArgsType,
  Ctx,
  Field,
  InputType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { connectionOf, orderOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { StringFilterInput, TimeFilterInput } from '../graphql/filter.graphql.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { PolicySetType } from './policy-set.graphql.js';
import { type PolicySet, PolicySetOrigin } from './policy-set.js';
import {
  type PolicySetFilters,
  type PolicySetOrder,
  PolicySetOrderField,
  policySetCondition,
  policySetOrder,
} from './policy-set-filter.js';
import type { PolicySetPageStore } from './policy-set-page.store.js';

@InputType('PolicySetFilter', { description: 'All given fields must hold.' })
export class PolicySetFilterInput implements PolicySetFilters {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the set' })
  readonly name?: StringFilterInput | null;

  @Field(() => [PolicySetOrigin], {
    nullable: true,
    description: 'What it was generated from; one of these',
  })
  readonly origin?: PolicySetOrigin[] | null;

  @Field(() => TimeFilterInput, { nullable: true, description: 'When it was made' })
  readonly createdAt?: TimeFilterInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: also versions that have a later one. Default false: the latest of each name. Counts in the outermost filter only',
  })
  readonly allVersions?: boolean | null;

  @Field(() => [PolicySetFilterInput], { nullable: true, description: 'All of these hold as well' })
  readonly and?: PolicySetFilterInput[] | null;

  @Field(() => [PolicySetFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: PolicySetFilterInput[] | null;

  @Field(() => PolicySetFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: PolicySetFilterInput | null;
}

registerEnumType(PolicySetOrderField, {
  name: 'PolicySetOrderField',
  description: 'What lists of policy sets can be ordered by.',
  valuesConfig: {
    NAME: { description: 'Cluster, name and version' },
    CREATED: { description: 'When it was made' },
  },
});

const PolicySetOrderInput = orderOf('PolicySet', PolicySetOrderField);
const PolicySetConnection = connectionOf('PolicySet', () => PolicySetType);

@ArgsType()
class PolicySetArguments extends PageArgumentsType {
  @Field(() => PolicySetFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: PolicySetFilterInput | null;

  @Field(() => PolicySetOrderInput, {
    nullable: true,
    description: 'In which order; by cluster, name and version when not given',
  })
  readonly orderBy?: PolicySetOrder | null;
}

type Context = {
  readonly now: () => Date;
  readonly stores: { readonly policySetPages: PolicySetPageStore };
};

@Resolver()
export class PolicySetListResolver {
  @Query(() => PolicySetConnection, {
    description: 'Policy sets, each in its latest version unless all are asked for',
  })
  async policySets(
    @Args(() => PolicySetArguments) { filter, orderBy, ...page }: PolicySetArguments,
    @Ctx() { stores, now }: Context,
  ): Promise<Page<PolicySet>> {
    const request = pageRequest(page, policySetOrder(orderBy));
    const condition = policySetCondition(filter, now());
    const rows = await stores.policySetPages.page(condition, request);
    const count = async () => totalCountOf(await stores.policySetPages.count(condition));
    return pageOf(request, rows, count);
  }
}
