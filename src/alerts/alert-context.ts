import type { Caller } from '../access/caller.js';
import type { PolicyLoader } from '../enforcement/policy.loader.js';
import type { FlowLoaders } from '../flows/flow-context.js';
import type { InventoryLoaders } from '../inventory/inventory.loader.js';
import type { Alert } from './alert.js';
import type { AlertLoaders } from './alert.loader.js';
import type { AlertStore } from './alert.store.js';
import type { AlertCountStore } from './alert-count.store.js';
import type { AlertRuleDraft } from './alert-rule.js';
import type { AlertRuleStore } from './alert-rule.store.js';
import type { ChangeAlertsInput, ChangeAlertsOutcome, CommentInput } from './change-alerts.js';
import type { ChangeRuleOutcome, DeleteRuleInput, UpdateRuleInput } from './change-rule.js';
import type { AlertActOutcome, DecideInput } from './decide-action.js';
import type { TestAlertRuleInput } from './rule-use-cases.js';
import type { TestRuleOutcome } from './try-rule.js';

/** The slice of a request's context that this room needs. */
export type AlertContext = {
  readonly now: () => Date;
  readonly caller: Caller;
  readonly stores: {
    readonly alerts: Pick<AlertStore, 'page' | 'count'>;
    readonly alertCounts: Pick<AlertCountStore, 'facets'>;
    readonly alertRules: Pick<AlertRuleStore, 'all'>;
  };
  readonly loaders: InventoryLoaders &
    Pick<FlowLoaders, 'flows'> &
    AlertLoaders & { readonly policiesById: PolicyLoader };
  readonly useCases: {
    readonly changeAlerts: (input: ChangeAlertsInput) => Promise<ChangeAlertsOutcome>;
    readonly createAlertRule: (draft: AlertRuleDraft) => Promise<ChangeRuleOutcome>;
    readonly updateAlertRule: (input: UpdateRuleInput) => Promise<ChangeRuleOutcome>;
    readonly deleteAlertRule: (input: DeleteRuleInput) => Promise<ChangeRuleOutcome>;
    readonly testAlertRule: (input: TestAlertRuleInput) => Promise<TestRuleOutcome>;
    readonly decideAlertAction: (input: DecideInput) => Promise<AlertActOutcome>;
    readonly commentOnAlert: (input: CommentInput) => Promise<Alert | null>;
  };
};
