import { Args, ArgsType, Ctx, Field, InputType, Query, Resolver } from 'type-graphql';
import { PageArgumentsType } from '../graphql/connection.graphql.js';
import { LabelSelectorInput, StringFilterInput } from '../graphql/filter.graphql.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import type { InventoryContext } from './inventory-context.js';
import { NamespaceConnection } from './namespace.graphql.js';
import type { Namespace } from './namespace.js';
import { BY_CLUSTER_AND_NAME, type NamespaceFilter, namespaceCondition } from './namespace-page.js';

@InputType('NamespaceFilter', { description: 'All given fields must hold.' })
class NamespaceFilterInput implements NamespaceFilter {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the namespace' })
  readonly name?: StringFilterInput | null;

  @Field(() => LabelSelectorInput, { nullable: true, description: 'Labels of the namespace' })
  readonly labels?: LabelSelectorInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: those that no snapshot has shown, implied by what is in them',
  })
  readonly inferred?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: also those that went away. Default false. Counts in the outermost filter only',
  })
  readonly ended?: boolean | null;

  @Field(() => [NamespaceFilterInput], {
    nullable: true,
    description: 'All of these hold as well',
  })
  readonly and?: NamespaceFilterInput[] | null;

  @Field(() => [NamespaceFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: NamespaceFilterInput[] | null;

  @Field(() => NamespaceFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: NamespaceFilterInput | null;
}

@ArgsType()
class NamespaceArguments extends PageArgumentsType {
  @Field(() => NamespaceFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: NamespaceFilterInput | null;
}

@Resolver()
export class NamespacesResolver {
  @Query(() => NamespaceConnection, { description: 'Namespaces, by cluster and name' })
  async namespaces(
    @Args(() => NamespaceArguments) { filter, ...page }: NamespaceArguments,
    @Ctx() { stores }: InventoryContext,
  ): Promise<Page<Namespace>> {
    const request = pageRequest(page, BY_CLUSTER_AND_NAME);
    const condition = namespaceCondition(filter);
    const rows = await stores.namespaces.page(condition, request);
    return pageOf(request, rows, async () =>
      totalCountOf(await stores.namespaces.count(condition)),
    );
  }
}
