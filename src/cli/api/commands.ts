import type { AddCommands } from '../shell.js';
import { addAlertList, addAlertShow } from './alert.js';
import { addAlertActionDecisions, addAlertActionList } from './alert-action.js';
import { addAlertChanges, addAlertComment } from './alert-changes.js';
import {
  addAlertRuleApply,
  addAlertRuleDelete,
  addAlertRuleList,
  addAlertRuleSwitch,
  addAlertRuleTest,
} from './alert-rule.js';
import { addAuditExport, addAuditList, addAuditVerify } from './audit.js';
import { addBaselineChanges, addBaselineList } from './baseline.js';
import { addBaselineDecay } from './baseline-decay.js';
import { addBaselineEntries } from './baseline-entries.js';
import { addBaselineDiff, addBaselineExport, addBaselineImport } from './baseline-exchange.js';
import { addBaselineHistory } from './baseline-history.js';
import { addBaselineAdvance, addBaselineSettings } from './baseline-settings.js';
import { addBaselineShow } from './baseline-show.js';
import { addClusterDiagnose, addClusterImport, addClusterList } from './cluster.js';
import { addClusterDelete } from './cluster-delete.js';
import { addClusterRanges } from './cluster-ranges.js';
import { addClusterRetention } from './cluster-retention.js';
import { addNetworkFlowCompleteness } from './completeness.js';
import { addExternalEntityImport, addExternalEntityList } from './external-entity.js';
import { addExternalEntityDelete } from './external-entity-delete.js';
import { addNetworkFlowHistory } from './flow-history.js';
import { addNetworkFlowImport } from './flow-import.js';
import { addGenerate } from './generate.js';
import { addGraph } from './graph.js';
import { addGraphDiff } from './graph-diff.js';
import { addJobList, addJobShow } from './job.js';
import { addJobCancel } from './job-cancel.js';
import { addAlertRuleAddresses } from './known-bad.js';
import { addNetworkFlowExport, addNetworkFlowList } from './network-flow.js';
import {
  addNotifierCreate,
  addNotifierDelete,
  addNotifierList,
  addNotifierRetry,
  addNotifierSwitch,
  addNotifierTest,
  addNotifierUpdate,
} from './notifier.js';
import { addPolicyList } from './policy.js';
import { addPolicySetList, addPolicySetShow } from './policy-set.js';
import { addPolicySetDelete } from './policy-set-delete.js';
import { addProfileDelete, addProfileList, addProfilePut, addProfileShow } from './profile.js';
import { addSimulate } from './simulate.js';
import { addSimulationDelete, addSimulationList, addSimulationShow } from './simulation.js';
import { addTokenCreate, addTokenList, addTokenRevoke } from './token.js';
import { addWatch } from './watch.js';

/** Commands that ask the server, in the order of the help text. */
export const API_COMMANDS: readonly AddCommands[] = [
  addClusterImport,
  addClusterList,
  addClusterDiagnose,
  addClusterRanges,
  addClusterRetention,
  addClusterDelete,
  addExternalEntityImport,
  addExternalEntityList,
  addExternalEntityDelete,
  addNetworkFlowImport,
  addNetworkFlowList,
  addNetworkFlowExport,
  addNetworkFlowHistory,
  addNetworkFlowCompleteness,
  addGraph,
  addGraphDiff,
  addBaselineChanges,
  addBaselineList,
  addBaselineShow,
  addBaselineEntries,
  addBaselineHistory,
  addBaselineDiff,
  addBaselineDecay,
  addBaselineExport,
  addBaselineImport,
  addBaselineSettings,
  addBaselineAdvance,
  addGenerate,
  addSimulate,
  addSimulationList,
  addSimulationShow,
  addSimulationDelete,
  addPolicyList,
  addPolicySetList,
  addPolicySetShow,
  addPolicySetDelete,
  addProfileList,
  addProfileShow,
  addProfilePut,
  addProfileDelete,
  addAlertList,
  addAlertShow,
  addAlertChanges,
  addAlertComment,
  addAlertActionList,
  addAlertActionDecisions,
  addAlertRuleList,
  addAlertRuleApply,
  addAlertRuleSwitch,
  addAlertRuleDelete,
  addAlertRuleAddresses,
  addAlertRuleTest,
  addNotifierList,
  addNotifierCreate,
  addNotifierUpdate,
  addNotifierTest,
  addNotifierRetry,
  addNotifierSwitch,
  addNotifierDelete,
  addWatch,
  addJobList,
  addJobShow,
  addJobCancel,
  addTokenCreate,
  addTokenList,
  addTokenRevoke,
  addAuditExport,
  addAuditList,
  addAuditVerify,
];
