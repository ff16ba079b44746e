import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { FlowNode } from '../flows/flow-node.js';
import { FlowType } from '../flows/flow-type.graphql.js';
import type { Explained } from './explained.js';
import { ExplanationType } from './explanation.graphql.js';
import type { FlowExplanationLoader } from './flow-explanation.loader.js';

type Context = { readonly loaders: { readonly flowExplanations: FlowExplanationLoader } };

/** What this room adds to a flow. */
@Resolver(() => FlowType)
export class FlowExplanationResolver {
  @FieldResolver(() => ExplanationType, {
    description: 'Why the policies in force allow it or not: policies, rules and lines',
  })
  explanation(
    @Root() { clusterId, id }: FlowNode,
    @Ctx() { loaders }: Context,
  ): Promise<Explained> {
    return loaders.flowExplanations.load({ clusterId, id });
  }
}
