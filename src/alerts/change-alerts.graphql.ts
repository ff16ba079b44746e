import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { badInput } from '../query/api-error.js';
import { rowKey } from '../query/node-id.js';
import type { Alert } from './alert.js';
import type { AlertContext } from './alert-context.js';
import { AlertFilterInput } from './alert-filter.graphql.js';
import { alertCondition } from './alert-filter.js';
import { AlertAction } from './alert-state.js';
import { AlertType } from './alert-type.graphql.js';
import type { ChangeAlertsInput } from './change-alerts.js';

/** Ids of one call; more are found by a filter. */
const MOST_IDS = 500;
const LONGEST_TEXT = 4_000;

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

@InputType()
abstract class WhichAlertsInput {
  @Field(() => [ID], {
    nullable: true,
    description: `Ids of alerts, at most ${MOST_IDS}; either these or \`filter\``,
  })
  readonly ids?: string[] | null;

  @Field(() => AlertFilterInput, {
    nullable: true,
    description: 'Those that it finds, at most 5,000 at once; either this or `ids`',
  })
  readonly filter?: AlertFilterInput | null;

  @Field(() => String, { nullable: true, description: 'Why, for those who look at them later' })
  readonly reason?: string | null;
}

@InputType('ResolveAlertsInput', { description: 'Which alerts, and what was done about them.' })
class ResolveAlertsInput extends WhichAlertsInput {}

@InputType('AcceptAlertsInput', { description: 'Of which alerts the flows are normal, and why.' })
class AcceptAlertsInput extends WhichAlertsInput {}

@InputType('ReopenAlertsInput', { description: 'Which alerts somebody has to look at again.' })
class ReopenAlertsInput extends WhichAlertsInput {}

@InputType('SnoozeAlertsInput', {
  description: 'Which alerts nobody wants to hear of for a while.',
})
class SnoozeAlertsInput extends WhichAlertsInput {
  @Field(() => DateTimeScalar, { description: 'Until when; in the future' })
  readonly until!: string;
}

@InputType('CommentOnAlertInput', { description: 'A comment on an alert.' })
class CommentOnAlertInput {
  @Field(() => ID, { description: 'Id of the alert' })
  readonly id!: string;

  @Field(() => String, { description: 'The comment, at most 4,000 characters' })
  readonly text!: string;
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

@ObjectType('ChangeAlertsPayload', { description: 'Alerts as they are now.' })
class ChangeAlertsPayload {
  @Field(() => [AlertType], {
    description:
      'Those of the ids, changed or not; with a filter those that were changed, at most 500',
  })
  readonly alerts!: readonly Alert[];

  @Field(() => Int, { description: 'How many were changed, without what belongs to them' })
  readonly changed!: number;

  @Field(() => [ProblemType], { description: 'What was not changed, and why' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('CommentOnAlertPayload', { description: 'The alert with the comment.' })
class CommentOnAlertPayload {
  @Field(() => AlertType, { nullable: true, description: 'Null when there is no such alert' })
  readonly alert!: Alert | null;

  @Field(() => [ProblemType], { description: 'An ERROR where there is no such alert' })
  readonly problems!: readonly ProblemType[];
}

type Which = Pick<ChangeAlertsInput, 'keys' | 'filter' | 'reason'>;

/** @throws ApiError BAD_USER_INPUT where neither or both of ids and filter are given */
function whichOf({ ids, filter, reason }: WhichAlertsInput, now: Date): Which {
  if ((ids ?? null) === null ? (filter ?? null) === null : (filter ?? null) !== null)
    throw badInput('give either `ids` or `filter`');
  if ((ids?.length ?? 0) > MOST_IDS) throw badInput(`\`ids\` has more than ${MOST_IDS} ids`);
  return {
    keys: ids?.map(id => rowKey('Alert', id)) ?? null,
    filter: ids ? null : alertCondition(filter, now),
    reason: checkedText(reason ?? null, 'reason'),
  };
}

function checkedText<Text extends string | null>(text: Text, name: string): Text {
  if ((text?.length ?? 0) > LONGEST_TEXT)
    throw badInput(`\`${name}\` has more than ${LONGEST_TEXT} characters`);
  return text;
}

const SHOWN = 500;

async function changed(
  { useCases, now }: AlertContext,
  input: WhichAlertsInput,
  what: Pick<ChangeAlertsInput, 'action'> & { readonly until?: string },
): Promise<ChangeAlertsPayload> {
  const which = whichOf(input, now());
  const outcome = await useCases.changeAlerts({ until: null, ...what, ...which });
  const { alerts, changed: count, problems } = outcome;
  return { alerts: alerts.slice(0, SHOWN), changed: count, problems: problems.map(problemOf) };
}

/** What stands at the id of one alert stands at the ids of several. */
const ofSeveral = (payload: ChangeAlertsPayload): ChangeAlertsPayload => ({
  ...payload,
  problems: payload.problems.map(one => (one.path === 'id' ? { ...one, path: 'ids' } : one)),
});

@Resolver()
export class ChangeAlertsResolver {
  @Mutation(() => ResolveAlertPayload, {
    description: 'Resolves an alert and what belongs to it. It opens again when it occurs again.',
  })
  async resolveAlert(
    @Arg('input', () => ResolveAlertInput, { description: 'Which one' })
    { id, resolution }: ResolveAlertInput,
    @Ctx() context: AlertContext,
  ): Promise<ResolveAlertPayload> {
    const input = { ids: [id], reason: resolution ?? null };
    const { alerts, problems } = await changed(context, input, { action: AlertAction.RESOLVE });
    return { alert: alerts[0] ?? null, problems };
  }

  @Mutation(() => ChangeAlertsPayload, {
    description: 'Resolves alerts and what belongs to them. They open again when they occur again.',
  })
  async resolveAlerts(
    @Arg('input', () => ResolveAlertsInput, { description: 'Which ones' })
    input: ResolveAlertsInput,
    @Ctx() context: AlertContext,
  ): Promise<ChangeAlertsPayload> {
    return ofSeveral(await changed(context, input, { action: AlertAction.RESOLVE }));
  }

  @Mutation(() => ChangeAlertsPayload, {
    description: 'Lets alerts sleep: they count on, and are open again at the given moment.',
  })
  async snoozeAlerts(
    @Arg('input', () => SnoozeAlertsInput, { description: 'Which ones, and until when' })
    input: SnoozeAlertsInput,
    @Ctx() context: AlertContext,
  ): Promise<ChangeAlertsPayload> {
    if (Date.parse(input.until) <= context.now().getTime())
      throw badInput('`until` is not in the future');
    return ofSeveral(
      await changed(context, input, { action: AlertAction.SNOOZE, until: input.until }),
    );
  }

  @Mutation(() => ChangeAlertsPayload, {
    description:
      'Adds the flows of alerts to the baselines of their ends, locked ones as well, and resolves the alerts whose flows all could be added.',
  })
  async acceptAlerts(
    @Arg('input', () => AcceptAlertsInput, { description: 'Which ones' }) input: AcceptAlertsInput,
    @Ctx() context: AlertContext,
  ): Promise<ChangeAlertsPayload> {
    return ofSeveral(await changed(context, input, { action: AlertAction.ACCEPT }));
  }

  @Mutation(() => ChangeAlertsPayload, {
    description: 'Opens alerts that were resolved or snoozed.',
  })
  async reopenAlerts(
    @Arg('input', () => ReopenAlertsInput, { description: 'Which ones' }) input: ReopenAlertsInput,
    @Ctx() context: AlertContext,
  ): Promise<ChangeAlertsPayload> {
    return ofSeveral(await changed(context, input, { action: AlertAction.REOPEN }));
  }

  @Mutation(() => CommentOnAlertPayload, { description: 'Writes a comment on an alert.' })
  async commentOnAlert(
    @Arg('input', () => CommentOnAlertInput, { description: 'On which one, and what' })
    { id, text }: CommentOnAlertInput,
    @Ctx() { useCases }: AlertContext,
  ): Promise<CommentOnAlertPayload> {
    if (text.trim() === '') throw badInput('`text` is empty');
    const alert = await useCases.commentOnAlert({
      key: rowKey('Alert', id),
      text: checkedText(text, 'text'),
    });
    const problem = { code: 'NOT_FOUND', severity: 'ERROR', path: 'id', place: null } as const;
    const message = 'there is no alert of this id';
    const hint = 'take the `id` of an alert from `alerts`';
    return { alert, problems: alert === null ? [problemOf({ ...problem, message, hint })] : [] };
  }
}
