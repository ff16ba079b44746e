import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { decodeId } from '../query/node-id.js';
import type { Alert } from './alert.js';
import type { AlertKey } from './alert.store.js';
import type { AlertContext } from './alert-context.js';
import { AlertType } from './alert-type.graphql.js';

@InputType('ResolveAlertInput', { description: 'Which alert, and what was done about it.' })
class ResolveAlertInput {
  @Field(() => ID, { description: 'Id of the alert' })
  readonly id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What was done about it, for those who look at it later',
  })
  readonly resolution?: string | null;
}

@ObjectType('ResolveAlertPayload', { description: 'The alert as it is now.' })
class ResolveAlertPayload {
  @Field(() => AlertType, {
    nullable: true,
    description: 'Null when there is no alert with this id',
  })
  readonly alert!: Alert | null;

  @Field(() => [ProblemType], {
    description: 'An ERROR where there is no such alert, an INFO where it was resolved before',
  })
  readonly problems!: readonly ProblemType[];
}

const keyOf = (id: string): AlertKey | null => {
  const key = decodeId(id);
  if (key === null || key.type !== 'Alert' || key.rowId === null) return null;
  return { clusterId: key.clusterId, id: key.rowId };
};

@Resolver()
export class ResolveAlertResolver {
  @Mutation(() => ResolveAlertPayload, {
    description: 'Resolves an alert. It opens again when it occurs again.',
  })
  async resolveAlert(
    @Arg('input', () => ResolveAlertInput, { description: 'Which one' })
    { id, resolution }: ResolveAlertInput,
    @Ctx() { useCases }: AlertContext,
  ): Promise<ResolveAlertPayload> {
    const { alert, problems } = await useCases.resolveAlert({
      key: keyOf(id),
      resolution: resolution ?? null,
    });
    return { alert, problems: problems.map(problemOf) };
  }
}
