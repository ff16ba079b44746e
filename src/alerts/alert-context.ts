import type { FlowLoaders } from '../flows/flow-context.js';
import type { InventoryLoaders } from '../inventory/inventory.loader.js';
import type { AlertLoaders } from './alert.loader.js';
import type { AlertStore } from './alert.store.js';
import type { ResolveAlertInput, ResolveAlertOutcome } from './resolve.js';

/** The slice of a request's context that this room needs. */
export type AlertContext = {
  readonly now: () => Date;
  readonly stores: { readonly alerts: Pick<AlertStore, 'page' | 'count'> };
  readonly loaders: InventoryLoaders & Pick<FlowLoaders, 'flows'> & AlertLoaders;
  readonly useCases: {
    readonly resolveAlert: (input: ResolveAlertInput) => Promise<ResolveAlertOutcome>;
  };
};
