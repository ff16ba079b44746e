import type { FlowLoaders } from '../flows/flow-context.js';
import type { InventoryLoaders } from '../inventory/inventory.loader.js';
import type { Alert } from './alert.js';
import type { AlertLoaders } from './alert.loader.js';
import type { AlertStore } from './alert.store.js';
import type { AlertCountStore } from './alert-count.store.js';
import type { ChangeAlertsInput, ChangeAlertsOutcome, CommentInput } from './change-alerts.js';

/** The slice of a request's context that this room needs. */
export type AlertContext = {
  readonly now: () => Date;
  readonly stores: {
    readonly alerts: Pick<AlertStore, 'page' | 'count'>;
    readonly alertCounts: Pick<AlertCountStore, 'facets'>;
  };
  readonly loaders: InventoryLoaders & Pick<FlowLoaders, 'flows'> & AlertLoaders;
  readonly useCases: {
    readonly changeAlerts: (input: ChangeAlertsInput) => Promise<ChangeAlertsOutcome>;
    readonly commentOnAlert: (input: CommentInput) => Promise<Alert | null>;
  };
};
