import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import { NamespaceType } from '../inventory/namespace.graphql.js';
import type { Namespace } from '../inventory/namespace.js';
import type { Peer } from '../inventory/peer.js';
import type { AlertContext } from './alert-context.js';
import { type AlertCounts, type AlertFacet, AlertFacetName } from './alert-count.store.js';
import { AlertFilterInput } from './alert-filter.graphql.js';
import { alertCondition } from './alert-filter.js';

@ObjectType('AlertCounts', {
  description: 'How many alerts stand where, without what belongs to more telling ones.',
})
class AlertCountsType implements AlertCounts {
  @Field(() => Int, { description: 'Alerts in state ACTIVE' })
  readonly active!: number;

  @Field(() => Int, { description: 'Alerts in state ATTEMPTED' })
  readonly attempted!: number;

  @Field(() => Int, { description: 'Alerts in state SNOOZED' })
  readonly snoozed!: number;

  @Field(() => Int, { description: 'Alerts in state RESOLVED' })
  readonly resolved!: number;

  @Field(() => Int, {
    description: 'Alerts of severity CRITICAL, of those that are ACTIVE or ATTEMPTED',
  })
  readonly critical!: number;

  @Field(() => Int, {
    description: 'Alerts of severity HIGH, of those that are ACTIVE or ATTEMPTED',
  })
  readonly high!: number;

  @Field(() => Int, {
    description: 'Alerts of severity MEDIUM, of those that are ACTIVE or ATTEMPTED',
  })
  readonly medium!: number;

  @Field(() => Int, {
    description: 'Alerts of severity LOW, of those that are ACTIVE or ATTEMPTED',
  })
  readonly low!: number;
}

registerEnumType(AlertFacetName, {
  name: 'AlertFacetName',
  description: 'The properties that alerts are counted by.',
  valuesConfig: {
    state: { description: 'Whether somebody has to look' },
    severity: { description: 'How severe it is' },
    rule: { description: 'The most telling of its rules' },
    category: { description: 'Such as `Anomalous Activity`' },
    cluster: { description: 'Name of the cluster' },
    namespace: { description: 'Namespace of the deployment' },
  },
});

@ObjectType('AlertFacet', { description: 'How many alerts have one value of one property.' })
class AlertFacetType implements AlertFacet {
  @Field(() => AlertFacetName, { description: 'The property' })
  readonly facet!: AlertFacetName;

  @Field(() => String, { description: 'The value' })
  readonly value!: string;

  @Field(() => Int, { description: 'Alerts that have it' })
  readonly count!: number;
}

@Resolver()
export class AlertFacetsResolver {
  @Query(() => [AlertFacetType], {
    description:
      'How the alerts that a filter finds fall apart; by facet, the most frequent values first, at most a hundred of each',
  })
  alertFacets(
    @Arg('filter', () => AlertFilterInput, { nullable: true, description: 'Which alerts' })
    filter: AlertFilterInput | null,
    @Ctx() { stores, now }: AlertContext,
  ): Promise<readonly AlertFacet[]> {
    return stores.alertCounts.facets(alertCondition(filter, now()));
  }
}

const COUNTS = { description: 'How many alerts it has, by state and severity' } as const;

/** The id is not looked at. */
const ANY = '00000000-0000-0000-0000-000000000000';

/** What this room adds to a cluster. */
@Resolver(() => ClusterType)
export class ClusterAlertCountsResolver {
  @FieldResolver(() => AlertCountsType, COUNTS)
  alertCounts(@Root() { id }: Cluster, @Ctx() { loaders }: AlertContext): Promise<AlertCounts> {
    return loaders.clusterAlertCounts.load({ clusterId: id, id: ANY });
  }
}

/** What this room adds to a namespace. */
@Resolver(() => NamespaceType)
export class NamespaceAlertCountsResolver {
  @FieldResolver(() => AlertCountsType, COUNTS)
  alertCounts(
    @Root() { clusterId, id }: Namespace,
    @Ctx() { loaders }: AlertContext,
  ): Promise<AlertCounts> {
    return loaders.namespaceAlertCounts.load({ clusterId, id });
  }
}

/** What this room adds to a deployment's counts. */
@Resolver(() => DeploymentType)
export class DeploymentAlertCountsResolver {
  @FieldResolver(() => AlertCountsType, COUNTS)
  alertCounts(
    @Root() { clusterId, id }: Peer,
    @Ctx() { loaders }: AlertContext,
  ): Promise<AlertCounts> {
    return loaders.deploymentAlertCounts.load({ clusterId, id });
  }
}
