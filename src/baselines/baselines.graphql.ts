import type { NodeFinder } from '../graphql/node.graphql.js';
import { AdvanceBaselinesResolver } from './advance.graphql.js';
import {
  BaselineEntryResolver,
  BaselineResolver,
  DeploymentBaselineResolver,
} from './baseline.graphql.js';
import type { BaselineContext } from './baseline-context.js';
import { BaselineEntryLifeResolver, BaselineLifeResolver } from './baseline-life.graphql.js';
import { BaselineListResolver } from './baseline-list.graphql.js';
import {
  BaselineOverridesResolver,
  BaselineSettingsResolver,
} from './baseline-settings.graphql.js';
import { ChangeBaselinesResolver } from './change-baselines.graphql.js';
import {
  BaselineDecayEntriesResolver,
  BaselineDecayResolver,
  DecayedEntryResolver,
} from './decay.graphql.js';
import { DecideEntriesResolver } from './decide-entries.graphql.js';
import { BaselineExchangeResolver } from './exchange.graphql.js';
import {
  BaselineDiffResolver,
  BaselineEntryChangeResolver,
  BaselineHistoryResolver,
} from './history.graphql.js';

/** What this room brings to the schema; all of them are made without arguments. */
export const baselineResolvers = [
  BaselineResolver,
  BaselineEntryResolver,
  DeploymentBaselineResolver,
  ChangeBaselinesResolver,
  BaselineListResolver,
  BaselineLifeResolver,
  BaselineEntryLifeResolver,
  BaselineSettingsResolver,
  DecideEntriesResolver,
  AdvanceBaselinesResolver,
  BaselineHistoryResolver,
  BaselineEntryChangeResolver,
  BaselineExchangeResolver,
  BaselineDecayResolver,
  DecayedEntryResolver,
  BaselineDecayEntriesResolver,
  BaselineDiffResolver,
  BaselineOverridesResolver,
] as const;

type Context = { readonly loaders: Pick<BaselineContext['loaders'], 'baselines'> };

/** How `node` and `nodes` find the types of this room. */
export const baselineFinders: Readonly<Record<string, NodeFinder<Context>>> = {
  Baseline: async ({ clusterId, rowId }, { loaders }) =>
    rowId === null ? null : loaders.baselines.load({ clusterId, id: rowId }),
};
