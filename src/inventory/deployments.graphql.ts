import type { GraphQLResolveInfo } from 'graphql';
import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Info,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { connectionOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { fieldsOfNodes, needsCursors } from '../graphql/selection.js';
import { badInput } from '../query/api-error.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { DeploymentType } from './deployment.graphql.js';
import {
  BY_NAMESPACE,
  DeploymentFilterInput,
  DeploymentOrderInput,
  deploymentOrder,
} from './deployment-filter.graphql.js';
import { deploymentCondition } from './deployment-filter.js';
import type { InventoryContext } from './inventory-context.js';
import { NamespaceType } from './namespace.graphql.js';
import type { Namespace } from './namespace.js';
import type { Peer } from './peer.js';
import { deploymentColumns } from './peer-columns.js';

const DeploymentConnection = connectionOf('Deployment', () => DeploymentType);

@ArgsType()
class DeploymentArguments extends PageArgumentsType {
  @Field(() => DeploymentFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: DeploymentFilterInput | null;

  @Field(() => DeploymentOrderInput, { nullable: true, description: 'In which order' })
  readonly orderBy?: DeploymentOrderInput | null;
}

@ArgsType()
class DeploymentNameType {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => String, { description: 'Name of the namespace' })
  readonly namespace!: string;

  @Field(() => String, { description: 'Name of the deployment' })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'Such as `StatefulSet`' })
  readonly kind?: string | null;
}

const namesOf = (found: readonly Peer[]): string =>
  found.map(({ workloadKind }) => `\`${workloadKind}\``).join(', ');

@Resolver(() => DeploymentType)
export class DeploymentQueryResolver {
  @Query(() => DeploymentConnection, {
    description: 'Deployments, by cluster, namespace and name unless asked otherwise',
  })
  async deployments(
    @Args(() => DeploymentArguments) { filter, orderBy, ...page }: DeploymentArguments,
    @Ctx() { stores }: InventoryContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Peer>> {
    const request = pageRequest(page, deploymentOrder(orderBy ?? BY_NAMESPACE), needsCursors(info));
    const wanted = deploymentCondition(filter);
    const rows = await stores.peers.page(wanted, request, deploymentColumns(fieldsOfNodes(info)));
    return pageOf(request, rows, async () => totalCountOf(await stores.peers.count(wanted)));
  }

  @Query(() => DeploymentType, {
    nullable: true,
    description:
      'A deployment by its name; null when there is none. Where several kinds share the name, `kind` must tell which: else BAD_USER_INPUT',
  })
  async deployment(
    @Args(() => DeploymentNameType) { cluster, namespace, name, kind }: DeploymentNameType,
    @Ctx() { stores }: InventoryContext,
  ): Promise<Peer | null> {
    const found = await stores.peers.byName({ cluster, namespace, name, kind: kind ?? null });
    const present = found.filter(({ endedAt }) => endedAt === null);
    if (present.length > 1)
      throw badInput(
        `\`${namespace}/${name}\` is ambiguous: give \`kind\`, one of ${namesOf(present)}`,
      );
    return present[0] ?? found[0] ?? null;
  }
}

@ArgsType()
class NamespaceDeploymentArguments extends PageArgumentsType {
  @Field(() => DeploymentFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: DeploymentFilterInput | null;
}

@Resolver(() => NamespaceType)
export class NamespaceDeploymentsResolver {
  @FieldResolver(() => DeploymentConnection, { description: 'Its deployments, by name' })
  deployments(
    @Root() { clusterId, id }: Namespace,
    @Args(() => NamespaceDeploymentArguments)
    { filter, ...page }: NamespaceDeploymentArguments,
    @Ctx() { loaders }: InventoryContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Peer>> {
    const columns = deploymentColumns(fieldsOfNodes(info));
    const listing = { filter: filter ?? null, page, columns, isKeyed: needsCursors(info) };
    return loaders.namespaceDeployments.load({ clusterId, id, listing });
  }
}
