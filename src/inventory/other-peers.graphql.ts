import type { GraphQLResolveInfo } from 'graphql';
import {
  Args,
  ArgsType,
  Ctx,
  Field,
  Info,
  InputType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { connectionOf, orderOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import {
  CidrFilterInput,
  LabelSelectorInput,
  StringFilterInput,
  TimeFilterInput,
} from '../graphql/filter.graphql.js';
import { fieldsOfNodes, needsCursors } from '../graphql/selection.js';
import type { Page } from '../query/page.js';
import { pageOfPeers } from './list-other-peers.js';
import {
  type ClusterNodeFilter,
  clusterNodeCondition,
  type ExternalEntityFilter,
  externalEntityCondition,
  type PeerOrder,
  PeerOrderField,
} from './other-peers.js';
import type { OtherPeerStore } from './other-peers.store.js';
import { ClusterNodeType, ExternalEntityType } from './peer.graphql.js';
import type { Peer } from './peer.js';
import { peerColumnsFor } from './peer-columns.js';

@InputType('ExternalEntityFilter', { description: 'All given fields must hold.' })
class ExternalEntityFilterInput implements ExternalEntityFilter {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, {
    nullable: true,
    description: 'Its name: the DNS name where one is known, else its address, block or entity',
  })
  readonly name?: StringFilterInput | null;

  @Field(() => StringFilterInput, {
    nullable: true,
    description: 'The DNS name that it was looked up by; empty text where none is known',
  })
  readonly dnsName?: StringFilterInput | null;

  @Field(() => CidrFilterInput, { nullable: true, description: 'Its address or block' })
  readonly address?: CidrFilterInput | null;

  @Field(() => TimeFilterInput, { nullable: true, description: 'When it was first seen' })
  readonly firstSeenAt?: TimeFilterInput | null;

  @Field(() => [ExternalEntityFilterInput], {
    nullable: true,
    description: 'All of these hold as well',
  })
  readonly and?: ExternalEntityFilterInput[] | null;

  @Field(() => [ExternalEntityFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: ExternalEntityFilterInput[] | null;

  @Field(() => ExternalEntityFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: ExternalEntityFilterInput | null;
}

@InputType('ClusterNodeFilter', { description: 'All given fields must hold.' })
class ClusterNodeFilterInput implements ClusterNodeFilter {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the node' })
  readonly name?: StringFilterInput | null;

  @Field(() => LabelSelectorInput, { nullable: true, description: 'Labels of the node' })
  readonly labels?: LabelSelectorInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: also those that went away. Default false. Counts in the outermost filter only',
  })
  readonly ended?: boolean | null;

  @Field(() => [ClusterNodeFilterInput], {
    nullable: true,
    description: 'All of these hold as well',
  })
  readonly and?: ClusterNodeFilterInput[] | null;

  @Field(() => [ClusterNodeFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: ClusterNodeFilterInput[] | null;

  @Field(() => ClusterNodeFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: ClusterNodeFilterInput | null;
}

registerEnumType(PeerOrderField, {
  name: 'PeerOrderField',
  description: 'What lists of external entities and of nodes can be ordered by.',
  valuesConfig: {
    NAME: { description: 'Cluster and name' },
    FIRST_SEEN: { description: 'When it was first seen; where that is not known it stands first' },
  },
});

const PeerOrderInput = orderOf('Peer', PeerOrderField);
const ExternalEntityConnection = connectionOf('ExternalEntity', () => ExternalEntityType);
const ClusterNodeConnection = connectionOf('ClusterNode', () => ClusterNodeType);

const ORDER = {
  nullable: true,
  description: 'In which order; by cluster and name when not given',
} as const;

@ArgsType()
class ExternalEntityArguments extends PageArgumentsType {
  @Field(() => ExternalEntityFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: ExternalEntityFilterInput | null;

  @Field(() => PeerOrderInput, ORDER)
  readonly orderBy?: PeerOrder | null;
}

@ArgsType()
class ClusterNodeArguments extends PageArgumentsType {
  @Field(() => ClusterNodeFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: ClusterNodeFilterInput | null;

  @Field(() => PeerOrderInput, ORDER)
  readonly orderBy?: PeerOrder | null;
}

const lookAhead = (info: GraphQLResolveInfo) => ({
  isKeyed: needsCursors(info),
  columns: peerColumnsFor(fieldsOfNodes(info)),
});

type Context = {
  readonly now: () => Date;
  readonly stores: { readonly otherPeers: OtherPeerStore };
};

@Resolver()
export class OtherPeersResolver {
  @Query(() => ExternalEntityConnection, {
    description: 'What flows lead to or come from outside of the clusters',
  })
  externalEntities(
    @Args(() => ExternalEntityArguments) { filter, orderBy, ...page }: ExternalEntityArguments,
    @Ctx() { stores, now }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Peer>> {
    const condition = externalEntityCondition(filter, now());
    return pageOfPeers(stores, { kind: 'EXTERNAL', condition, page, orderBy }, lookAhead(info));
  }

  @Query(() => ClusterNodeConnection, { description: 'Nodes of the clusters' })
  clusterNodes(
    @Args(() => ClusterNodeArguments) { filter, orderBy, ...page }: ClusterNodeArguments,
    @Ctx() { stores }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Peer>> {
    const condition = clusterNodeCondition(filter);
    return pageOfPeers(stores, { kind: 'NODE', condition, page, orderBy }, lookAhead(info));
  }
}
