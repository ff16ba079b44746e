import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql';
import { connectionOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { DeploymentFilterInput } from '../inventory/deployment-filter.graphql.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { BaselineType } from './baseline.graphql.js';
import { type Baseline, BaselineState } from './baseline.js';
import { BASELINE_ORDER, baselineCondition } from './baseline-filter.js';
import type { BaselinePageStore } from './baseline-page.store.js';

const BaselineConnection = connectionOf('Baseline', () => BaselineType);

@ArgsType()
class BaselineArguments extends PageArgumentsType {
  @Field(() => DeploymentFilterInput, { nullable: true, description: 'Of which deployments' })
  readonly filter?: DeploymentFilterInput | null;

  @Field(() => BaselineState, { nullable: true, description: 'What a deviation means' })
  readonly state?: BaselineState | null;
}

type Context = { readonly stores: { readonly baselinePages: BaselinePageStore } };

@Resolver(() => BaselineType)
export class BaselineListResolver {
  @Query(() => BaselineConnection, {
    nullable: true,
    description: 'What is normal for deployments, by cluster, namespace and name',
  })
  async baselines(
    @Args(() => BaselineArguments) { filter, state, ...page }: BaselineArguments,
    @Ctx() { stores }: Context,
  ): Promise<Page<Baseline>> {
    const request = pageRequest(page, BASELINE_ORDER);
    const wanted = baselineCondition(filter, state);
    const rows = await stores.baselinePages.page(wanted, request);
    return pageOf(request, rows, async () =>
      totalCountOf(await stores.baselinePages.count(wanted)),
    );
  }
}
