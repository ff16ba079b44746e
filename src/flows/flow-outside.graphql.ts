import { Arg, Ctx, Field, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { FlowFilterInput } from './flow-filter.graphql.js';
import { type FlowOutsideStore, type OutsideGroup, OutsideGrouping } from './flow-outside.store.js';
import { flowSelection } from './flow-selection.js';

registerEnumType(OutsideGrouping, {
  name: 'OutsideGrouping',
  description: 'By what peers outside of the cluster are put together.',
  valuesConfig: {
    NAME: { description: 'By the name that lists show: of DNS, reserved, else the address' },
    BLOCK: {
      description:
        'By the block of `importExternalBlocks` that they lie in, the longest prefix first; by their name where they lie in none',
    },
    ADDRESS: {
      description: 'By address or block of addresses; by their name where they have none',
    },
  },
});

@ObjectType('OutsideGroup', { description: 'Peers outside of the cluster that belong together.' })
class OutsideGroupType {
  @Field(() => String, {
    description: 'What they have in common; filters take it as `EXTERNAL:name`',
  })
  readonly name!: string;

  @Field(() => Int, { description: 'Addresses, blocks and names among them' })
  readonly addresses!: number;

  @Field(() => Int, { description: 'Flows that have one of them at an end' })
  readonly flows!: number;

  @Field(() => DateTimeScalar, { description: 'When one of them was seen last' })
  readonly lastSeenAt!: string;
}

type Context = {
  readonly now: () => Date;
  readonly stores: { readonly flowOutside: FlowOutsideStore };
};

@Resolver()
export class FlowOutsideResolver {
  @Query(() => [OutsideGroupType], {
    description:
      'The peers outside of the flows that a filter finds, put together; those with the most flows first, at most 500. Forty addresses of one name are one group with forty addresses',
  })
  flowsOutside(
    @Arg('filter', () => FlowFilterInput, { nullable: true, description: 'Which flows' })
    filter: FlowFilterInput | null,
    @Arg('by', () => OutsideGrouping, {
      defaultValue: OutsideGrouping.NAME,
      description: 'By what they are put together',
    })
    by: OutsideGrouping,
    @Ctx() { stores, now }: Context,
  ): Promise<readonly OutsideGroup[]> {
    return stores.flowOutside.groups(flowSelection(filter, now()), by);
  }
}
