import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PageArgumentsType } from '../graphql/connection.graphql.js';
import { problemOf } from '../graphql/problem.graphql.js';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import type { Peer } from '../inventory/peer.js';
import { badInput } from '../query/api-error.js';
import { matchesLabels } from '../query/label-match.js';
import type { LabelSelector } from '../query/label-selector.js';
import { pageOfList } from '../query/list-page.js';
import { encodeId, rowKey } from '../query/node-id.js';
import type { Page } from '../query/page.js';
import { resolveTimeBound } from '../query/time-bound.js';
import type { Alert } from './alert.js';
import type { AlertAct } from './alert-act.js';
import type { AlertContext } from './alert-context.js';
import type { AlertRuleDraft } from './alert-rule.js';
import { type AlertRuleDefinition, type AlertRuleScope, EVERYWHERE } from './alert-rule.js';
import {
  type AlertRuleFieldsInput,
  CreateAlertRuleInput,
  DecideAlertActionInput,
  DeleteAlertRuleInput,
  TestAlertRuleInput,
  UpdateAlertRuleInput,
} from './alert-rule-input.graphql.js';
import {
  AlertActionType,
  AlertRuleConnection,
  AlertRuleType,
  ChangeAlertRulePayload,
  DecideAlertActionPayload,
  TestAlertRulePayload,
  WouldRaiseType,
} from './alert-rule-type.graphql.js';
import { AlertType } from './alert-type.graphql.js';
import type { ChangeRuleOutcome } from './change-rule.js';
import type { WouldRaise } from './try-rule.js';
import { ruleSeenBy } from './visible-rule.js';

/** Null: it is the id of no rule. */
export const ruleIdOf = (id: string): string | null =>
  rowKey('AlertRuleDefinition', id)?.id ?? null;

/** What is given of a rule; what is null is not given, but for `stableSeverity`, which null takes back. */
function givenOf(input: AlertRuleFieldsInput): Partial<AlertRuleDraft> {
  const {
    scope,
    exclusions,
    threshold,
    megabytes,
    addresses,
    stableSeverity,
    silentMinutes,
    ...rest
  } = input;
  const given = Object.entries(rest).filter(
    ([key, value]) =>
      value !== null && value !== undefined && key !== 'id' && key !== 'expectedVersion',
  );
  const parameters = {
    ...(typeof threshold === 'number' && { threshold }),
    ...(typeof megabytes === 'number' && { megabytes }),
    ...(typeof silentMinutes === 'number' && { silentMinutes }),
    ...(typeof stableSeverity === 'string' && { stableSeverity }),
    ...(addresses && { addresses }),
  };
  return {
    ...Object.fromEntries(given),
    ...((Object.keys(parameters).length > 0 || stableSeverity === null) && { parameters }),
    ...(scope && {
      scope: {
        clusters: scope.clusters ?? null,
        namespaces: scope.namespaces ?? null,
        labels: labelsOf(scope.labels),
        ...selectorsOf(scope),
      },
    }),
    ...(exclusions && {
      exclusions: exclusions.map(({ namespace, deployment, peer, port, ...selectors }) => ({
        namespace: namespace ?? null,
        deployment: deployment ?? null,
        peer: peer ?? null,
        port: port ?? null,
        ...selectorsOf(selectors),
      })),
    }),
  };
}

/** @throws ApiError BAD_USER_INPUT for a selector that is none */
const checked = (selector: LabelSelector | null | undefined): LabelSelector | null => {
  if (selector === null || selector === undefined) return null;
  matchesLabels(selector, {});
  return selector;
};

const selectorsOf = ({
  podSelector,
  namespaceSelector,
}: Pick<AlertRuleScope, 'podSelector' | 'namespaceSelector'>) => ({
  podSelector: checked(podSelector),
  namespaceSelector: checked(namespaceSelector),
});

function labelsOf(value: unknown): Readonly<Record<string, string>> | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object' || Object.values(value).some(label => typeof label !== 'string'))
    throw badInput('`labels` is not an object whose values are strings');
  return value as Readonly<Record<string, string>>;
}

const draftOf = (input: CreateAlertRuleInput): AlertRuleDraft => ({
  description: '',
  categories: ['Anomalous Activity'],
  parameters: {},
  scope: EVERYWHERE,
  exclusions: [],
  enabled: true,
  enforcement: 'INFORM',
  severity: 'MEDIUM',
  ...givenOf(input),
  name: input.name,
  criterion: input.criterion,
});

const payloadOf = ({ rule, problems }: ChangeRuleOutcome): ChangeAlertRulePayload => ({
  rule,
  problems: problems.map(problemOf),
});

const MOST_SHOWN = 500;

@Resolver(() => AlertRuleType)
export class AlertRulesResolver {
  @Query(() => AlertRuleConnection, {
    nullable: true,
    description:
      'The rules that raise alerts, those that come with the program among them; by name',
  })
  async alertRules(
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Ctx() { stores, caller }: AlertContext,
  ): Promise<Page<AlertRuleDefinition>> {
    const all = await stores.alertRules.all();
    const seen = all.flatMap(rule => ruleSeenBy(caller, rule) ?? []);
    return pageOfList(seen, ({ id }) => id, page);
  }

  @Mutation(() => ChangeAlertRulePayload, { description: 'Makes a rule.' })
  async createAlertRule(
    @Arg('input', () => CreateAlertRuleInput, { description: 'The rule' })
    input: CreateAlertRuleInput,
    @Ctx() { useCases }: AlertContext,
  ): Promise<ChangeAlertRulePayload> {
    return payloadOf(await useCases.createAlertRule(draftOf(input)));
  }

  @Mutation(() => ChangeAlertRulePayload, {
    description: 'Changes what is given of a rule, a shipped one as well. What it is about stays.',
  })
  async updateAlertRule(
    @Arg('input', () => UpdateAlertRuleInput, { description: 'Which rule, and what of it' })
    input: UpdateAlertRuleInput,
    @Ctx() { useCases }: AlertContext,
  ): Promise<ChangeAlertRulePayload> {
    const { id, expectedVersion = null } = input;
    return payloadOf(
      await useCases.updateAlertRule({ id: ruleIdOf(id), expectedVersion, change: givenOf(input) }),
    );
  }

  @Mutation(() => ChangeAlertRulePayload, {
    description:
      'Deletes a rule; one that comes with the program is as it was shipped again. Its alerts resolve themselves.',
  })
  async deleteAlertRule(
    @Arg('input', () => DeleteAlertRuleInput, { description: 'Which one' })
    { id, expectedVersion = null }: DeleteAlertRuleInput,
    @Ctx() { useCases }: AlertContext,
  ): Promise<ChangeAlertRulePayload> {
    return payloadOf(await useCases.deleteAlertRule({ id: ruleIdOf(id), expectedVersion }));
  }

  @Mutation(() => TestAlertRulePayload, {
    description:
      'What a rule would have raised on the flows of a window, by what policies and baselines say of them now; DRIFT and POLICY_CHANGED, on the policies of that time and the sets that are stored now; INGESTION_GAP, by when records were seen. Nothing is stored.',
  })
  async testAlertRule(
    @Arg('input', () => TestAlertRuleInput, { description: 'The rule and the window' })
    { id, rule: given, cluster, since, until }: TestAlertRuleInput,
    @Ctx() { useCases, now }: AlertContext,
  ): Promise<TestAlertRulePayload> {
    const window = {
      since: resolveTimeBound(since, now()),
      until: until ? resolveTimeBound(until, now()) : now().toISOString(),
    };
    if (window.since >= window.until) throw badInput('`since` is not before `until`');
    const outcome = await useCases.testAlertRule({
      ...window,
      id: id ? ruleIdOf(id) : null,
      draft: given ? draftOf(given) : null,
      cluster: cluster ?? null,
    });
    const { alerts, flows, problems } = outcome;
    return {
      wouldRaise: alerts.length,
      alerts: alerts.slice(0, MOST_SHOWN),
      flows,
      problems: problems.map(problemOf),
    };
  }

  @FieldResolver(() => ID, { description: 'The same whatever changes' })
  id(@Root() { id }: AlertRuleDefinition): string {
    return encodeId('AlertRuleDefinition', 0, id);
  }
}

@Resolver(() => WouldRaiseType)
export class WouldRaiseResolver {
  @FieldResolver(() => ClusterType, { nullable: true, description: 'Where it would have occurred' })
  cluster(
    @Root() { clusterId }: WouldRaise,
    @Ctx() { loaders }: AlertContext,
  ): Promise<Cluster | null> {
    return loaders.clusters.load(clusterId);
  }

  @FieldResolver(() => DeploymentType, {
    nullable: true,
    description: 'Whose deviation it is; null: it would be of no deployment',
  })
  async deployment(
    @Root() { clusterId, deploymentId }: WouldRaise,
    @Ctx() { loaders }: AlertContext,
  ): Promise<Peer | null> {
    return deploymentId === null ? null : loaders.peers.load({ clusterId, id: deploymentId });
  }
}

/** What this room adds to an alert: the rules as data, and what they ask to be done. */
@Resolver(() => AlertType)
export class AlertDefinitionsResolver {
  @FieldResolver(() => [AlertRuleType], {
    description: 'The rules as data that its flows met; those that were deleted are left out',
  })
  async definitions(
    @Root() { ruleIds }: Alert,
    @Ctx() { loaders, caller }: AlertContext,
  ): Promise<readonly AlertRuleDefinition[]> {
    const found = await Promise.all(ruleIds.map(id => loaders.alertRules.load(id)));
    return found.flatMap(rule => (rule === null ? [] : (ruleSeenBy(caller, rule) ?? [])));
  }

  @FieldResolver(() => [AlertActionType], {
    description: 'What its rules ask to be done, oldest first',
  })
  actions(
    @Root() { clusterId, id }: Alert,
    @Ctx() { loaders }: AlertContext,
  ): Promise<readonly AlertAct[]> {
    return loaders.alertActions.load({ clusterId, id });
  }
}

@Resolver(() => AlertActionType)
export class AlertActionsResolver {
  @FieldResolver(() => ID, { description: 'The same whatever is decided' })
  id(@Root() { clusterId, id }: AlertAct): string {
    return encodeId('AlertAction', clusterId, id);
  }

  @Mutation(() => DecideAlertActionPayload, {
    description:
      'Approves or rejects what a rule asks to be done. What was decided before stays as it is, and what nobody decided within a day, or before the alert was resolved, has expired.',
  })
  async decideAlertAction(
    @Arg('input', () => DecideAlertActionInput, { description: 'Which action, and whether' })
    { id, approve }: DecideAlertActionInput,
    @Ctx() { useCases }: AlertContext,
  ): Promise<DecideAlertActionPayload> {
    const { action, problems } = await useCases.decideAlertAction({
      key: rowKey('AlertAction', id),
      approve,
    });
    return { action, problems: problems.map(problemOf) };
  }
}
