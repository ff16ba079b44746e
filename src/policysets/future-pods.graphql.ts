import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { FutureClaim, type FuturePods, type FutureReach } from '../netpol/index.js';

registerEnumType(FutureClaim, {
  name: 'FutureClaim',
  description: 'What somebody must be able to do to make pods that a selector means.',
  valuesConfig: {
    PODS: { description: 'Make pods in a namespace that is there, with labels of their choice' },
    NEW_NAMESPACE: { description: 'Make a namespace: none of this name is there' },
    NAMESPACE_LABELS: {
      description: 'Label a namespace, or make pods in one that has these labels',
    },
    ANYWHERE: { description: 'Make pods in any namespace' },
  },
});

@ObjectType('FutureReach', { description: 'A deployment at the other end of pods to come.' })
class FutureReachType implements FutureReach {
  @Field(() => String, { description: 'As `namespace/name[Kind]`' })
  readonly deployment!: string;

  @Field(() => String, {
    description: 'Ports of the destination, such as `TCP 80,443`, or `All Connections`',
  })
  readonly ports!: string;
}

@ObjectType('FuturePods', {
  description:
    'Pods that do not exist yet and that a selector of a set means, such as those of a new deployment with the same label. What they could reach is what the engine finds open to every one of them on both sides, whatever other labels they have.',
})
export class FuturePodsType implements FuturePods {
  @Field(() => String, {
    description:
      '`shop/[pod with {app=web}]`, `[namespace with {team=a}]/[all pods]`, or `entire-cluster`: every pod of every namespace',
  })
  readonly pods!: string;

  @Field(() => FutureClaim, { description: 'Who could make such pods' })
  readonly claim!: FutureClaim;

  @Field(() => [String], {
    description: 'Policies of the set that would select them, as `namespace/name`',
  })
  readonly selectedBy!: readonly string[];

  @Field(() => [String], {
    description: 'Policies of the set with a rule that names them, as `namespace/name`',
  })
  readonly admittedBy!: readonly string[];

  @Field(() => [String], {
    description: 'Deployments with such pods today, as `namespace/name[Kind]`',
  })
  readonly today!: readonly string[];

  @Field(() => [FutureReachType], {
    description:
      'Deployments whose ingress the set isolates and that such pods could connect to, beyond what `entire-cluster` can; by name, at most 100',
  })
  readonly reach!: readonly FutureReach[];

  @Field(() => Int, { description: 'How many they are' })
  readonly reachCount!: number;

  @Field(() => [FutureReachType], {
    description:
      'Deployments whose egress the set isolates and that could connect to such pods, beyond what they can to `entire-cluster`; by name, at most 100',
  })
  readonly reachedFrom!: readonly FutureReach[];

  @Field(() => Int, { description: 'How many they are' })
  readonly reachedFromCount!: number;
}
