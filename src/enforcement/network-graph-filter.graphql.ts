import { Field, InputType, Int, registerEnumType } from 'type-graphql';
import { FlowTag } from '../flows/flow-view.js';
import { TimeBoundScalar } from '../graphql/scalars.graphql.js';
import { GroupExternal } from './external-groups.js';
import { GraphLevel } from './graph-level.js';
import { MOST_EDGES, type NetworkGraphFilter } from './network-graph.js';

registerEnumType(GroupExternal, {
  name: 'GroupExternal',
  description: 'What external ends of a graph are put together by.',
  valuesConfig: {
    ADDRESS: { description: 'Each stays alone' },
    NAME: { description: 'The DNS name that they were looked up by; others stay alone' },
    BLOCK: {
      description:
        'The named block that their address lies in (`externalBlocks`); others stay alone',
    },
  },
});

registerEnumType(GraphLevel, {
  name: 'GraphLevel',
  description: 'What the nodes of a graph are.',
  valuesConfig: {
    DEPLOYMENT: { description: 'Deployments and other peers' },
    NAMESPACE: { description: 'Namespaces, and peers that are in none' },
  },
});

@InputType('NetworkGraphFilter', { description: 'Which flows the graph shows.' })
export class NetworkGraphFilterInput implements NetworkGraphFilter {
  @Field(() => [String], {
    nullable: true,
    description: 'Either end lies in one of these namespaces',
  })
  readonly namespaces?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Names of deployments at either end' })
  readonly deployments?: string[] | null;

  @Field(() => [FlowTag], { nullable: true, description: 'Flows with at least one of these tags' })
  readonly tags?: FlowTag[] | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Seen at or after this' })
  readonly since?: string | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Seen before this' })
  readonly until?: string | null;

  @Field(() => TimeBoundScalar, {
    nullable: true,
    description:
      'As it was at this moment: flows that were seen before, judged by the policies and with the labels of deployments and namespaces of then. Baselines, who an address was, what `tags` asks and what `peer` shows are as of now',
  })
  readonly asOf?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `At most this many edges, those seen latest; default and limit ${MOST_EDGES}`,
  })
  readonly limit?: number | null;

  @Field(() => GroupExternal, {
    nullable: true,
    description:
      'What external ends are put together by: those of one name are one node; default ADDRESS. `limit` counts the edges before',
  })
  readonly groupExternal?: GroupExternal | null;

  @Field(() => GraphLevel, {
    nullable: true,
    description:
      'NAMESPACE: all that is in a namespace is one node, and edges within it lead to itself; default DEPLOYMENT. `limit` counts the edges between namespaces; with `asOf`, those between deployments',
  })
  readonly level?: GraphLevel | null;

  @Field(() => Boolean, {
    nullable: true,
    description: `True: also deployments of now that no edge leads to or from, of the namespaces and names asked for, at most ${MOST_EDGES}. Default false`,
  })
  readonly silent?: boolean | null;
}
