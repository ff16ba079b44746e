import type { InventoryLoaders } from '../inventory/inventory.loader.js';
import type { InventoryContext } from '../inventory/inventory-context.js';
import type { BaselineLoaders } from './baseline.loader.js';
import type { BaselinesOutcome, GenerateBaselinesInput } from './generate.js';
import type { LockBaselinesInput } from './lock.js';

/** The slice of a request's context that this room needs. */
export type BaselineContext = {
  readonly now: () => Date;
  readonly stores: Pick<InventoryContext['stores'], 'clusters'>;
  readonly loaders: InventoryLoaders & BaselineLoaders;
  readonly useCases: {
    readonly generateBaselines: (input: GenerateBaselinesInput) => Promise<BaselinesOutcome>;
    readonly lockBaselines: (input: LockBaselinesInput) => Promise<BaselinesOutcome>;
    readonly unlockBaselines: (input: LockBaselinesInput) => Promise<BaselinesOutcome>;
    readonly reopenBaselines: (input: LockBaselinesInput) => Promise<BaselinesOutcome>;
  };
};
