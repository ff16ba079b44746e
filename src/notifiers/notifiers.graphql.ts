import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { assertEverything, type Caller } from '../access/caller.js';
import { PageArgumentsType } from '../graphql/connection.graphql.js';
import { problemOf } from '../graphql/problem.graphql.js';
import { pageOfList } from '../query/list-page.js';
import { decodeId, encodeId } from '../query/node-id.js';
import type { Page } from '../query/page.js';
import type {
  NotifierDraft,
  NotifierOutcome,
  RetryOutcome,
  TestOutcome,
} from './change-notifier.js';
import { DEGRADED_FROM, type Notifier } from './notifier.js';
import type { NotifierStore } from './notifier.store.js';
import {
  ChangeNotifierPayload,
  CreateNotifierInput,
  CreateNotifierPayload,
  NotifierConnection,
  NotifierIdInput,
  NotifierState,
  NotifierType,
  RetryNotificationPayload,
  SwitchNotifierInput,
  TestNotifierPayload,
} from './notifier-type.graphql.js';

type Context = {
  readonly caller: Caller;
  readonly stores: { readonly notifiers: NotifierStore };
  readonly useCases: {
    readonly createNotifier: (draft: NotifierDraft) => Promise<NotifierOutcome>;
    readonly changeNotifier: (
      id: string | null,
      enabled: boolean | null,
    ) => Promise<NotifierOutcome>;
    readonly testNotifier: (id: string | null) => Promise<TestOutcome>;
    readonly retryNotifications: (id: string | null) => Promise<RetryOutcome>;
  };
};

const rowId = (id: string): string | null => {
  const key = decodeId(id);
  return key?.type === 'Notifier' ? key.rowId : null;
};

const draftOf = ({
  name,
  kind,
  secret,
  minSeverity,
  rules,
  clusters,
  enabled,
  ...config
}: CreateNotifierInput): NotifierDraft => ({
  name,
  kind,
  secret: secret ?? null,
  minSeverity,
  rules: rules ?? null,
  clusters: clusters ?? null,
  enabled,
  config: Object.fromEntries(
    Object.entries(config).filter(([, value]) => typeof value === 'string'),
  ),
});

@Resolver(() => NotifierType)
export class NotifiersResolver {
  @Query(() => NotifierConnection, {
    nullable: true,
    description: 'Where alerts are sent; by name',
  })
  async notifiers(
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Ctx() { stores, caller }: Context,
  ): Promise<Page<Notifier>> {
    assertEverything(caller);
    return pageOfList(await stores.notifiers.all(), ({ id }) => id, page);
  }

  @Mutation(() => CreateNotifierPayload, { description: 'Makes a place where alerts are sent.' })
  async createNotifier(
    @Arg('input', () => CreateNotifierInput, { description: 'Which' }) input: CreateNotifierInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<CreateNotifierPayload> {
    assertEverything(caller);
    const { problems, ...outcome } = await useCases.createNotifier(draftOf(input));
    return { ...outcome, problems: problems.map(problemOf) };
  }

  @Mutation(() => ChangeNotifierPayload, { description: 'Switches a notifier on or off.' })
  async switchNotifier(
    @Arg('input', () => SwitchNotifierInput, { description: 'Which one, and whether' })
    { id, enabled }: SwitchNotifierInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<ChangeNotifierPayload> {
    assertEverything(caller);
    const { notifier, problems } = await useCases.changeNotifier(rowId(id), enabled);
    return { notifier, problems: problems.map(problemOf) };
  }

  @Mutation(() => ChangeNotifierPayload, {
    description: 'Deletes a notifier with all that it has not sent yet.',
  })
  async deleteNotifier(
    @Arg('input', () => NotifierIdInput, { description: 'Which one' }) { id }: NotifierIdInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<ChangeNotifierPayload> {
    assertEverything(caller);
    const { notifier, problems } = await useCases.changeNotifier(rowId(id), null);
    return { notifier, problems: problems.map(problemOf) };
  }

  @Mutation(() => TestNotifierPayload, {
    description: 'Sends one message marked TEST, and says what came of it.',
  })
  async testNotifier(
    @Arg('input', () => NotifierIdInput, { description: 'By which one' }) { id }: NotifierIdInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<TestNotifierPayload> {
    assertEverything(caller);
    const { problems, ...outcome } = await useCases.testNotifier(rowId(id));
    return { ...outcome, problems: problems.map(problemOf) };
  }

  @Mutation(() => RetryNotificationPayload, {
    description: 'Tries again what a notifier has given up.',
  })
  async retryNotification(
    @Arg('input', () => NotifierIdInput, { description: 'Of which one' }) { id }: NotifierIdInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<RetryNotificationPayload> {
    assertEverything(caller);
    const { again, problems } = await useCases.retryNotifications(rowId(id));
    return { again, problems: problems.map(problemOf) };
  }

  @FieldResolver(() => ID, { description: 'The same whatever changes' })
  id(@Root() { id }: Notifier): string {
    return encodeId('Notifier', 0, id);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it has a secret, which is never told' })
  hasSecret(@Root() { secret }: Notifier): boolean {
    return secret !== null;
  }

  @FieldResolver(() => NotifierState, { description: 'How it does' })
  state(@Root() { failures, enabled }: Notifier): NotifierState {
    if (!enabled) return NotifierState.OFF;
    return failures >= DEGRADED_FROM ? NotifierState.DEGRADED : NotifierState.WORKING;
  }

  @FieldResolver(() => Int, {
    description: 'What it has given up; `retryNotification` tries again',
  })
  async dead(@Root() { id }: Notifier, @Ctx() { stores }: Context): Promise<number> {
    return (await stores.notifiers.counts()).find(({ notifierId }) => notifierId === id)?.dead ?? 0;
  }

  @FieldResolver(() => Int, { description: 'What it has still to send' })
  async pending(@Root() { id }: Notifier, @Ctx() { stores }: Context): Promise<number> {
    return (
      (await stores.notifiers.counts()).find(({ notifierId }) => notifierId === id)?.pending ?? 0
    );
  }
}
