import type { LintRule } from './rule.js';
import {
  exceptWithoutEffect,
  ipBlockEmpty,
  ipBlockEverything,
  ipBlockOnPods,
} from './rules/addresses.js';
import { equalPriority, passToNothing, unreachableRule } from './rules/admin.js';
import { apiServiceClosed, webhookClosed } from './rules/api-server.js';
import { deniedInEffect, serviceClosed } from './rules/closed.js';
import { ignoredByPlugin, pluginDiffers } from './rules/cni.js';
import { allowsAll, allowsNothing, policyContained, ruleContained } from './rules/containment.js';
import {
  hostNetworkSelected,
  noDefaultDeny,
  selectsNothing,
  uncoveredEgress,
  uncoveredIngress,
} from './rules/coverage.js';
import { dnsClosed } from './rules/dns.js';
import { exceptUndone } from './rules/excepts.js';
import { flowUncovered, ruleNeverHit } from './rules/flows.js';
import { halfOpen } from './rules/half-open.js';
import { inputWarning, notInInput, unknownField } from './rules/input.js';
import { metadataReachable } from './rules/metadata.js';
import { metricsClosed } from './rules/monitoring.js';
import { clusterIpBlock, nodePortBlock, outwardServiceClosed } from './rules/outside.js';
import { namedPortUnknown, portNotExposed } from './rules/ports.js';
import { routeBackendClosed, routeBackendMissing } from './rules/routes.js';
import {
  allNamespaces,
  hostNetworkPeer,
  namespacesMatchNothing,
  podsMatchNothing,
  unknownNamespaceLabel,
} from './rules/selectors.js';
import { selectsSomePods } from './rules/some-pods.js';
import { accidentalOr, tornRule } from './rules/torn.js';
import { dynamicPortsCut } from './rules/training.js';
import {
  duplicateName,
  invalidDocument,
  peersEmpty,
  policyTypesContradict,
  policyTypesMissing,
  protocolMissing,
} from './rules/writing.js';

/** Every rule, in the order of the documentation. */
export const LINT_RULES: readonly LintRule[] = [
  uncoveredIngress,
  uncoveredEgress,
  noDefaultDeny,
  selectsNothing,
  selectsSomePods,
  hostNetworkSelected,
  podsMatchNothing,
  namespacesMatchNothing,
  unknownNamespaceLabel,
  hostNetworkPeer,
  notInInput,
  allNamespaces,
  accidentalOr,
  tornRule,
  ipBlockEverything,
  ipBlockEmpty,
  exceptWithoutEffect,
  exceptUndone,
  ipBlockOnPods,
  clusterIpBlock,
  nodePortBlock,
  allowsAll,
  allowsNothing,
  ruleContained,
  policyContained,
  policyTypesMissing,
  policyTypesContradict,
  peersEmpty,
  protocolMissing,
  duplicateName,
  invalidDocument,
  unknownField,
  inputWarning,
  namedPortUnknown,
  portNotExposed,
  equalPriority,
  unreachableRule,
  passToNothing,
  dnsClosed,
  metadataReachable,
  halfOpen,
  deniedInEffect,
  serviceClosed,
  outwardServiceClosed,
  routeBackendClosed,
  routeBackendMissing,
  metricsClosed,
  webhookClosed,
  apiServiceClosed,
  dynamicPortsCut,
  ruleNeverHit,
  flowUncovered,
  ignoredByPlugin,
  pluginDiffers,
];
