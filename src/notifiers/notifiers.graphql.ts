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
import { JsonScalar } from '../graphql/scalars.graphql.js';
import { pageOfList } from '../query/list-page.js';
import { decodeId, encodeId } from '../query/node-id.js';
import type { Page } from '../query/page.js';
import type {
  UpdateNotifierInput as NotifierChange,
  NotifierOutcome,
  RetryOutcome,
  TestOutcome,
  WhichNotifier,
} from './change-notifier.js';
import type { notificationLoaders } from './notification.loader.js';
import {
  DEGRADED_FROM,
  type Notifier,
  type NotifierConfig,
  PEOPLE_PER_HOUR,
  READ_BY_PEOPLE,
  shownConfig,
} from './notifier.js';
import type { NotifierStore } from './notifier.store.js';
import type { NotifierDraft } from './notifier-faults.js';
import { CreateNotifierInput, UpdateNotifierInput } from './notifier-input.graphql.js';
import {
  ChangeNotifierPayload,
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
  readonly loaders: ReturnType<typeof notificationLoaders>;
  readonly useCases: {
    readonly createNotifier: (draft: NotifierDraft) => Promise<NotifierOutcome>;
    readonly changeNotifier: (
      which: WhichNotifier,
      enabled: boolean | null,
    ) => Promise<NotifierOutcome>;
    readonly updateNotifier: (input: NotifierChange) => Promise<NotifierOutcome>;
    readonly testNotifier: (which: WhichNotifier) => Promise<TestOutcome>;
    readonly retryNotifications: (which: WhichNotifier) => Promise<RetryOutcome>;
  };
};

const whichOf = ({ id, expectedVersion }: NotifierIdInput): WhichNotifier => {
  const key = decodeId(id);
  return {
    id: key?.type === 'Notifier' ? key.rowId : null,
    expectedVersion: expectedVersion ?? null,
  };
};

const configOf = (input: CreateNotifierInput | UpdateNotifierInput): NotifierConfig => {
  const { url, email, project, issueType, to, from } = input;
  const given = Object.entries({ url, email, project, issueType, to, from });
  return Object.fromEntries(given.filter(([, value]) => typeof value === 'string'));
};

const draftOf = (input: CreateNotifierInput): NotifierDraft => {
  const { name, kind, secret, minSeverity, rules, clusters, enabled, maxPerHour, digest } = input;
  const isRead = READ_BY_PEOPLE.has(kind);
  return {
    name,
    kind,
    secret: secret ?? null,
    minSeverity,
    rules: rules ?? null,
    clusters: clusters ?? null,
    enabled,
    config: configOf(input),
    maxPerHour: maxPerHour === undefined ? (isRead ? PEOPLE_PER_HOUR : null) : maxPerHour,
    digest: digest ?? isRead,
  };
};

/** What is not given stays; of what may be null, null is given. */
const changeOf = (input: UpdateNotifierInput): NotifierChange['change'] => {
  const { name, minSeverity, enabled, digest, rules, clusters, maxPerHour } = input;
  const given = { name, minSeverity, enabled, digest };
  const nullable = { rules, clusters, maxPerHour };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => (value ?? null) !== null)),
    ...Object.fromEntries(Object.entries(nullable).filter(([, value]) => value !== undefined)),
    config: configOf(input),
  };
};

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
    @Arg('input', () => CreateNotifierInput, { description: 'The notifier' })
    input: CreateNotifierInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<CreateNotifierPayload> {
    assertEverything(caller);
    const { problems, ...outcome } = await useCases.createNotifier(draftOf(input));
    return { ...outcome, problems: problems.map(problemOf) };
  }

  @Mutation(() => ChangeNotifierPayload, {
    description:
      'Changes what is given of a notifier, its secret as well. The old secret of a WEBHOOK signs for another day.',
  })
  async updateNotifier(
    @Arg('input', () => UpdateNotifierInput, { description: 'Which one, and what of it' })
    input: UpdateNotifierInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<ChangeNotifierPayload> {
    assertEverything(caller);
    const { notifier, problems } = await useCases.updateNotifier({
      ...whichOf(input),
      change: changeOf(input),
      secret: input.secret ?? null,
    });
    return { notifier, problems: problems.map(problemOf) };
  }

  @Mutation(() => ChangeNotifierPayload, { description: 'Switches a notifier on or off.' })
  async switchNotifier(
    @Arg('input', () => SwitchNotifierInput, { description: 'Which one, and whether' })
    input: SwitchNotifierInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<ChangeNotifierPayload> {
    assertEverything(caller);
    const { notifier, problems } = await useCases.changeNotifier(whichOf(input), input.enabled);
    return { notifier, problems: problems.map(problemOf) };
  }

  @Mutation(() => ChangeNotifierPayload, {
    description: 'Deletes a notifier with all that it has not sent yet.',
  })
  async deleteNotifier(
    @Arg('input', () => NotifierIdInput, { description: 'Which one' }) input: NotifierIdInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<ChangeNotifierPayload> {
    assertEverything(caller);
    const { notifier, problems } = await useCases.changeNotifier(whichOf(input), null);
    return { notifier, problems: problems.map(problemOf) };
  }

  @Mutation(() => TestNotifierPayload, {
    description: 'Sends one message marked TEST, and says what came of it.',
  })
  async testNotifier(
    @Arg('input', () => NotifierIdInput, { description: 'By which one' }) input: NotifierIdInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<TestNotifierPayload> {
    assertEverything(caller);
    const { problems, ...outcome } = await useCases.testNotifier(whichOf(input));
    return { ...outcome, problems: problems.map(problemOf) };
  }

  @Mutation(() => RetryNotificationPayload, {
    description: 'Tries again what a notifier has given up.',
  })
  async retryNotification(
    @Arg('input', () => NotifierIdInput, { description: 'Of which one' }) input: NotifierIdInput,
    @Ctx() { useCases, caller }: Context,
  ): Promise<RetryNotificationPayload> {
    assertEverything(caller);
    const { again, problems } = await useCases.retryNotifications(whichOf(input));
    return { again, problems: problems.map(problemOf) };
  }

  @FieldResolver(() => JsonScalar, {
    description:
      'Address and the like, without the secret. Of an address only what names the server: `…` stands for its path, which many receivers take for a password',
  })
  config(@Root() { config }: Notifier): NotifierConfig {
    return shownConfig(config);
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
  async dead(@Root() { id }: Notifier, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.notificationCounts.load(id)).dead;
  }

  @FieldResolver(() => Int, { description: 'What it has still to send' })
  async pending(@Root() { id }: Notifier, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.notificationCounts.load(id)).pending;
  }
}
