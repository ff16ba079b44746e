import { Field, InputType, registerEnumType } from 'type-graphql';
import { orderOf } from '../graphql/connection.graphql.js';
import { LabelSelectorInput, StringFilterInput } from '../graphql/filter.graphql.js';
import type { Order, OrderDirection } from '../query/keyset.js';
import type { DeploymentFilters } from './deployment-filter.js';
import { Isolation } from './peer.js';

registerEnumType(Isolation, {
  name: 'Isolation',
  description: "For which directions policies in force select a deployment's pods.",
  valuesConfig: {
    INGRESS: { description: 'For ingress, not for egress' },
    EGRESS: { description: 'For egress, not for ingress' },
    BOTH: { description: 'For ingress and for egress' },
    NONE: { description: 'For neither direction' },
    PARTIAL: { description: 'Some of its pods for more than others: their label sets differ' },
  },
});

@InputType('DeploymentFilter', { description: 'All given fields must hold.' })
export class DeploymentFilterInput implements DeploymentFilters {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the namespace' })
  readonly namespace?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the deployment' })
  readonly name?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Kind, such as `StatefulSet`' })
  readonly kind?: StringFilterInput | null;

  @Field(() => LabelSelectorInput, { nullable: true, description: 'Labels of its pods' })
  readonly labels?: LabelSelectorInput | null;

  @Field(() => [Isolation], {
    nullable: true,
    description: 'Whether policies in force select it; one of these',
  })
  readonly isolation?: Isolation[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: also those that ended. Default false. Counts in the outermost filter only',
  })
  readonly ended?: boolean | null;

  @Field(() => [DeploymentFilterInput], {
    nullable: true,
    description: 'All of these hold as well',
  })
  readonly and?: DeploymentFilterInput[] | null;

  @Field(() => [DeploymentFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: DeploymentFilterInput[] | null;

  @Field(() => DeploymentFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: DeploymentFilterInput | null;
}

export const DeploymentOrderField = {
  NAMESPACE: 'NAMESPACE',
  NAME: 'NAME',
  FIRST_SEEN_AT: 'FIRST_SEEN_AT',
  ISOLATION: 'ISOLATION',
} as const;
type DeploymentOrderField = (typeof DeploymentOrderField)[keyof typeof DeploymentOrderField];

registerEnumType(DeploymentOrderField, {
  name: 'DeploymentOrderField',
  description: 'What deployments are ordered by.',
  valuesConfig: {
    NAMESPACE: { description: 'Cluster, namespace and name' },
    NAME: { description: 'Name, then namespace' },
    FIRST_SEEN_AT: { description: 'When they were first known' },
    ISOLATION: {
      description: 'Isolation as text, those where it is not known first, then namespace and name',
    },
  },
});

export const DeploymentOrderInput = orderOf('Deployment', DeploymentOrderField);
export type DeploymentOrderInput = {
  readonly field: DeploymentOrderField;
  readonly direction: OrderDirection;
};

export const BY_NAMESPACE: DeploymentOrderInput = {
  field: DeploymentOrderField.NAMESPACE,
  direction: 'ASC',
};

/** Over a `peer` row `p`. The first one follows the index `peer_namespace`. */
export function deploymentOrder({ field, direction }: DeploymentOrderInput): Order {
  const cluster = { expression: 'p.cluster_id', type: 'int', direction } as const;
  const namespace = { expression: 'p.namespace', type: 'text', direction } as const;
  const name = { expression: 'p.name', type: 'text', direction } as const;
  const id = { expression: 'p.id', type: 'uuid', direction } as const;
  const seen = `coalesce(p.first_seen_at, 'epoch')`;
  switch (field) {
    case DeploymentOrderField.NAMESPACE:
      return [cluster, namespace, name, id];
    case DeploymentOrderField.NAME:
      return [name, namespace, cluster, id];
    case DeploymentOrderField.FIRST_SEEN_AT:
      return [{ expression: seen, type: 'timestamptz', direction }, cluster, id];
    case DeploymentOrderField.ISOLATION:
      return [
        { expression: `coalesce(p.isolation, '')`, type: 'text', direction },
        cluster,
        namespace,
        name,
        id,
      ];
  }
}
